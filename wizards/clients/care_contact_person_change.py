from odoo import api, fields, models

from ...tools.fields import selection_of


class CareContactPersonChange(models.TransientModel):
    """Asks who follows whom, from when, and when the closing conversation is. The model decides."""

    _name = "care.contact.person.change"
    _description = "Change Contact Person"

    client_id = fields.Many2one("care.client", required=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, ondelete="cascade")
    former_id = fields.Many2one(
        "care.contact.person", "Contact Person Now", compute="_compute_former_id", ondelete="cascade"
    )
    member_ids = fields.Many2many("hr.employee", compute="_compute_member_ids", compute_sudo=True)
    employee_id = fields.Many2one("hr.employee", "New Contact Person", required=True, ondelete="cascade")
    chosen_by = fields.Selection(
        selection_of("care.contact.person", "chosen_by"),
        required=True,
        default="client",
    )
    asked_by = fields.Selection(
        selection_of("care.contact.person", "asked_by"),
        "Who Asks for the Change",
        default="client",
        help="No reason has to be given.",
    )
    reason = fields.Char(help="Only if somebody wants it written down.")
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    closing_date = fields.Date("Closing Conversation", default=fields.Date.context_today)
    overlap_days = fields.Integer(
        "Days of Overlap", default=14, help="So many days the former contact person stays as deputy."
    )

    @api.depends("client_id", "unit_id", "date_from")
    def _compute_former_id(self):
        contacts = self.env["care.contact.person"]
        for change in self:
            change.former_id = contacts._primary_on(change.client_id, change.unit_id, change.date_from)

    @api.depends("unit_id", "former_id")
    def _compute_member_ids(self):
        employees = self.env["care.unit.member"]._employees_by_unit(self.unit_id)
        for change in self:
            here = employees.get(change.unit_id._origin, change.employee_id.browse())
            change.member_ids = here - change.former_id.employee_id

    def action_change(self):
        self.ensure_one()
        followed = bool(self.former_id)
        self.env["care.contact.person"]._change(
            self.client_id,
            self.unit_id,
            self.employee_id,
            self.date_from,
            chosen_by=self.chosen_by,
            asked_by=followed and self.asked_by,
            reason=self.reason,
            closing_date=followed and self.closing_date,
            overlap_days=max(self.overlap_days, 0),
        )
        return {"type": "ir.actions.act_window_close"}
