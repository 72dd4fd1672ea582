"""Notes about Astrid at Norr, written, signed, amended and struck by the people of the invented provider."""

from datetime import timedelta

from odoo import fields

from .common import CareCase


class JournalCase(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not hasattr(cls, "north_colleague"):
            cls.north_colleague = cls._user("north_colleague", "social_care.group_care_staff")
            cls._member(cls.north, cls.north_colleague)
        cls._employee(cls.north_staff).job_title = "Stödassistent"
        cls.entries = cls.env["care.journal.entry"]

    def _draft(self, user=None, client=None, unit=None, **vals):
        user = user or self.north_staff
        values = {
            "client_id": (client or self.astrid).id,
            "unit_id": (unit or self.north).id,
            "body": "Vi gick till affären.",
            **vals,
        }
        return self._as(user, self.entries).create(values).with_env(self.env)

    def _signed(self, user=None, **vals):
        entry = self._draft(user, **vals)
        self._as(user or self.north_staff, entry).action_sign()
        return entry

    def _struck(self, **vals):
        entry = self._signed(**vals)
        self._as(self.north_staff, entry).action_strike("Fel klient")
        return entry

    def _amended(self, **vals):
        """The old note and the one that replaces it."""
        old = self._signed(**vals)
        new = self._as(self.north_staff, old)._amend()
        new.write({"body": "Vi gick till apoteket.", "amend_reason": "Fel affär"})
        new.action_sign()
        return old, new.with_env(self.env)

    def _objection(self, entry, user=None, **vals):
        objections = self._as(user or self.north_staff, self.env["care.journal.objection"])
        return objections.create({"entry_id": entry.id, "body": "Så var det inte.", **vals}).with_env(
            self.env
        )

    def _ago(self, **time):
        return fields.Datetime.now() - timedelta(**time)

    def _chain(self, client=None, unit=None):
        return self.env["care.journal.chain"].search(
            [("client_id", "=", (client or self.astrid).id), ("unit_id", "=", (unit or self.north).id)]
        )
