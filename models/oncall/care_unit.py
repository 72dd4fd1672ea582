from odoo import fields, models
from odoo.fields import Domain

from .care_check_visit_reach import WAITING


class CareUnit(models.Model):
    """An on-call team: whom it answers for, when it is open, and who leads it."""

    _name = "care.unit"
    _inherit = ["care.unit", "care.activity.mixin"]
    _mail_post_access = "write"  # what a unit is told is not for all who read that there is such a unit

    served_by_unit_ids = fields.Many2many(
        "care.unit",
        "care_unit_served_rel",
        "served_unit_id",
        "unit_id",
        "On-call Teams",
        readonly=True,
    )
    opening_calendar_id = fields.Many2one(
        "resource.calendar",
        "Opening Hours",
        check_company=True,
        help="When the on-call team is reachable. Empty: around the clock.",
    )

    def _leads_now(self):
        """Who leads each team now; whoever manages it where nobody does, or where it is no team: ``{unit: users}``."""
        lead = self.env.ref("social_care.group_oncall_lead")
        workers, managers = self._users_by_unit(), self._managers_now()
        # sudo: leads are found whichever companies the asker looks at; who they are is all that comes back
        return {
            unit: (workers[unit] if unit.kind == "on_call" else workers[unit].browse()).filtered(
                lambda user: lead in user.sudo().all_group_ids
            )
            or managers[unit]
            for unit in self
        }

    def _oncall_leads(self):
        return self._leads_now()[self]

    def write(self, vals):
        result = super().write(vals)
        if {"opening_calendar_id", "kind", "active"} & vals.keys():
            self._refresh_coverage()
        if {"opening_calendar_id", "kind", "active", "serves_unit_ids"} & vals.keys():
            self.env["care.check.visit"]._cancel_unreachable(Domain("oncall_unit_id", "in", self.ids))
        return result

    def _refresh_coverage(self):
        # sudo: nobody writes the gaps; they follow from shifts and hours that the writer may change
        self.env["care.oncall.coverage"].sudo()._refresh(self.filtered(lambda unit: unit.kind == "on_call"))
        # sudo: whether somebody is on duty for what is ordered follows from the same
        self.env["care.check.visit"].sudo().search(
            WAITING
            & Domain("oncall_unit_id", "in", self.ids)
            & Domain("window_end", ">", fields.Datetime.now())
        )._sync_unmanned()
