from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CareSupportSession(models.Model):
    """A meeting of a support group, and how many came."""

    _name = "care.support.session"
    _description = "Meeting of a Support Group"
    _inherit = ["care.neutral"]
    _order = "date_start desc, id desc"
    _neutral_parent = "group_id"

    group_id = fields.Many2one(
        "care.support.group", required=True, index=True, ondelete="cascade", frozen="id"
    )
    number = fields.Integer("No.", compute="_compute_number", store=True, precompute=True, readonly=False)
    date_start = fields.Datetime("Starts", required=True, default=fields.Datetime.now)
    date = fields.Date(compute="_compute_date", store=True, precompute=True)
    minutes = fields.Integer(required=True, default=90)
    date_end = fields.Datetime("Ends", compute="_compute_date_end", store=True, precompute=True)
    place = fields.Char(compute="_compute_place", store=True, readonly=False, precompute=True)
    theme = fields.Char()
    present_ids = fields.Many2many(
        "care.support.participant",
        "care_support_attendance_rel",
        "session_id",
        "participant_id",
        domain="[('group_id', '=', group_id), ('state', 'in', ('invited', 'joined'))]",
    )
    head_count = fields.Integer(
        "How Many Came", compute="_compute_head_count", store=True, readonly=False, precompute=True
    )

    _heads_positive = models.Constraint("CHECK (head_count >= 0 AND minutes >= 0)", "Write a number from 0.")
    _list_idx = models.Index("(group_id, date_start DESC, id DESC)")
    _unit_idx = models.Index("(unit_id, date)")

    @api.depends("group_id", "number")
    def _compute_display_name(self):
        for session in self:
            # sudo: the group's name alone, for the title; group and meeting are of one unit
            session.display_name = f"{session.group_id.sudo().name or ''} {session.number or ''}".strip()

    @api.depends("group_id")
    def _compute_number(self):
        groups = self._read_group([("group_id", "in", self.group_id.ids)], ["group_id"], ["number:max"])
        last = {group.id: number or 0 for group, number in groups}
        for session in self:
            group_id = session.group_id._origin.id
            if not session.number:
                last[group_id] = last.get(group_id, 0) + 1
                session.number = last[group_id]

    @api.depends("date_start")
    def _compute_date(self):
        for session in self:
            session.date = (
                session.date_start
                and fields.Datetime.context_timestamp(
                    session.with_context(tz=session.company_id.care_tz or "Europe/Stockholm"),
                    session.date_start,
                ).date()
            )

    @api.depends("date_start", "minutes")
    def _compute_date_end(self):
        for session in self:
            session.date_end = session.date_start and session.date_start + timedelta(minutes=session.minutes)

    @api.depends("group_id")
    def _compute_place(self):
        for session in self:
            session.place = session.place or session.group_id.place

    @api.depends("present_ids")
    def _compute_head_count(self):
        for session in self:
            session.head_count = session.head_count if session.mode == "none" else len(session.present_ids)

    @api.constrains("present_ids", "group_id")
    def _check_present(self):
        for session in self:
            if session.present_ids.group_id - session.group_id:
                raise UserError(self.env._("Only participants of the group can be present."))

    def action_all_came(self):
        """Everyone with a place was there; take out those who were not."""
        for session in self:
            if session.mode == "none":
                session.head_count = session.group_id.booked_heads
            else:
                session.present_ids = session.group_id.participant_ids.filtered(
                    lambda person: person.state in ("invited", "joined")
                )

    @api.model
    def _neutral_erase(self, unit, mode):
        """The head count stays when the participants go: it was stored with them present."""
        if mode == "none":
            self.env.cr.execute(
                "DELETE FROM care_support_attendance_rel WHERE session_id IN"
                " (SELECT id FROM care_support_session WHERE unit_id = %s)",
                [unit.id],
            )
            self.env.invalidate_all()
        return super()._neutral_erase(unit, mode)
