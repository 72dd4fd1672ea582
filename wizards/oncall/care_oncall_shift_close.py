from odoo import api, fields, models


class CareOncallShiftClose(models.TransientModel):
    """Lists what a shift leaves undone and asks why, before it is closed."""

    _name = "care.oncall.shift.close"
    _description = "Close a Shift"

    shift_id = fields.Many2one("care.oncall.shift", required=True, ondelete="cascade")
    undone = fields.Text("Ordered visits not done", compute="_compute_undone")
    listed = fields.Text(
        compute="_compute_listed",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What the dialog listed when it was opened: the reason is given for these.",
    )
    unread = fields.Text("Not read by this shift", compute="_compute_undone")
    reason = fields.Text("Why", help="The log, the next shift and the unit that ordered read this.")

    @api.depends("shift_id")
    def _compute_undone(self):
        for wizard in self:
            shift = wizard.shift_id
            shift.check_access("read")  # a form's values are whatever the caller sends
            wizard.undone = "\n".join(shift._undone_lines(shift._undone_visits()))
            wizard.unread = "\n".join(handover._sent_text() for handover in shift._unread_handovers())

    @api.depends("shift_id")
    def _compute_listed(self):
        for wizard in self:
            wizard.listed = wizard.undone

    def action_close(self):
        """Close the shift, or list anew what has been ordered, or has become late, since the dialog was opened."""
        self.ensure_one()
        if (self.undone or "") != (self.listed or ""):
            action = self.shift_id.action_open_close()
            return action | {"context": action["context"] | {"default_reason": self.reason}}
        return self.shift_id.action_close(self.reason) | {"close_on_report_download": True}
