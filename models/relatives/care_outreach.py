from odoo import api, fields, models
from odoo.exceptions import UserError


class CareOutreach(models.Model):
    """A round of outreach: whom we turn to, why, where the list comes from, and when its names go."""

    _name = "care.outreach"
    _description = "Outreach"
    _inherit = ["care.neutral"]
    _order = "date desc, id desc"

    name = fields.Char(required=True, help="Spring letter 80+, for example. No person's name.")
    purpose = fields.Char(required=True, help="Why these people are turned to.")
    source = fields.Char(required=True, help="Where the list comes from, and by which right it is used.")
    offered = fields.Char(required=True, help="What they are offered.")
    date = fields.Date("Starts", required=True, default=fields.Date.context_today)
    erase_on = fields.Date("Names Are Erased On", required=True)
    erased_at = fields.Datetime("Names Erased", readonly=True, copy=False, by_verb=True)
    line_ids = fields.One2many("care.outreach.line", "outreach_id", "People")
    line_count = fields.Integer("People Turned To", compute="_compute_counts")
    yes_count = fields.Integer("Said Yes", compute="_compute_counts")
    no_count = fields.Integer("Said No", compute="_compute_counts")

    # At most a year, so that postponing cannot make a register of it.
    _erase_within_a_year = models.Constraint(
        "CHECK (erase_on >= date AND erase_on <= date + 365)",
        "The names are erased after the round starts, and within a year of it.",
    )
    _list_idx = models.Index("(unit_id, date DESC, id DESC)")
    _erase_idx = models.Index("(erase_on) WHERE erased_at IS NULL")

    @api.depends("line_ids.answer")
    def _compute_counts(self):
        groups = self.env["care.outreach.line"]._read_group(
            [("outreach_id", "in", self.ids)], ["outreach_id", "answer"], ["__count"]
        )
        counts = {(outreach.id, answer): count for outreach, answer, count in groups}
        for outreach in self:
            own = {answer: count for (id_, answer), count in counts.items() if id_ == outreach._origin.id}
            outreach.line_count = sum(own.values())
            outreach.yes_count, outreach.no_count = own.get("yes", 0), own.get("no", 0)

    def action_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_outreach_line_action")
        return action | {
            "domain": [("outreach_id", "=", self.id)],
            "context": {"default_outreach_id": self.id},
            "display_name": self.name,
        }

    @api.model
    def _cron_erase_names(self):
        """Erase the names of rounds whose date has come. Answers stay, as numbers."""
        due = self.search([("erase_on", "<=", fields.Date.context_today(self)), ("erased_at", "=", False)])
        self.env["ir.cron"]._care_batches(due, lambda outreach: outreach._erase_names())

    def action_erase_now(self):
        """The round is done before its date."""
        self.check_access("write")
        for outreach in self:
            outreach._erase_names()

    def _erase_names(self):
        self.line_ids._erase_names()
        self._write_decided({"erased_at": fields.Datetime.now()})

    def write(self, vals):
        if "erase_on" in vals and any(outreach.erased_at for outreach in self):
            raise UserError(self.env._("The names of this round are gone. Start a new round."))
        return super().write(vals)
