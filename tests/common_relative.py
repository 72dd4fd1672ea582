"""Two relative-support units beside the people of common.py: one with names, one without."""

from odoo import Command

from .common import CareCase


class RelativeCase(CareCase):
    """``relatives`` keeps names, ``line`` (an anonymous telephone) none, ``cards`` pseudonyms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._unit("Anhöriglinjen", kind="relative_support", documentation_mode="none")
        cls.cards = cls._unit("Kortet", kind="relative_support", documentation_mode="pseudonym")
        for unit in (cls.line, cls.cards):
            cls._member(unit, cls.supporter)
        cls.other_relatives = cls._unit("Andra stödet", kind="relative_support")
        cls.other_supporter = cls._user("other_supporter", "social_care.group_relative_support")
        cls._member(cls.other_relatives, cls.other_supporter)
        cls.outsiders = [
            cls.north_staff,
            cls.north_manager,
            cls.south_manager,
            cls.oncall_staff,
            cls.oncall_lead,
            cls.privacy_officer,
            cls.care_admin,
            cls.other_supporter,
            cls.env["res.users"].create(
                {
                    "name": "System",
                    "login": "system_admin",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.set([cls.env.ref("base.group_system").id, cls.env.ref("base.group_user").id])
                    ],
                }
            ),
        ]

    def _supporter(self, model):
        return self._as(self.supporter, self.env[model])

    def _send(self, user=None, **values):
        """A referral sent by housing support; returns the receipt as the sender holds it."""
        receipts = self._as(user or self.north_staff, self.env["care.referral.receipt"])
        return receipts.send_referral(
            {
                "from_unit_id": self.north.id,
                "unit_id": self.relatives.id,
                "relative_name": "Gun Ek",
                "phone": "070-174 06 60",
                "wish": "Någon att prata med på kvällen",
                "consent": True,
                "consent_by": "Gun Ek",
                "consent_how": "oral",
                **values,
            }
        )

    def _referral(self, receipt):
        return self.env["care.referral"].search([("receipt_id", "=", receipt.id)])
