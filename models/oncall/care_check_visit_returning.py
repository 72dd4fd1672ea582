from odoo import models


class CareCheckVisit(models.Model):
    """An order that was cancelled when the stay ended returns when the end is taken back."""

    _name = "care.check.visit"
    _inherit = ["care.check.visit", "care.returning"]
    _returns = {"cancelled": {"ordered", "acknowledged"}}

    def _after_transition(self, before):
        super()._after_transition(before)
        cancelled = self.filtered(lambda visit: visit.state == "cancelled")
        # sudo: the day follows from the stay, whatever of it whoever cancels may open
        stays_sudo = self.env["care.stay"].sudo().search([("client_id", "in", cancelled.client_id.ids)])
        by_place = stays_sudo.grouped(lambda stay: (stay.client_id, stay.unit_id))
        for visit in cancelled:
            stays_sudo = by_place.get((visit.client_id, visit.unit_id), stays_sudo.browse())
            day = max(filter(None, stays_sudo.mapped("reopen_until")), default=False)
            if day and set(stays_sudo.mapped("state")) == {"ended"}:
                visit._write_decided({"returns_until": day})

    def _returned_vals(self):
        return {"state": "acknowledged" if self.acknowledged_at else "ordered", "closed_at": False}
