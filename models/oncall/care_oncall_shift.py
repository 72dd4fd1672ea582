from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# A crew may open its shift this long before it begins, and its cards shut this long after its end.
# no rule: part of the wall, whose triggers hold it too
OPENS_BEFORE = timedelta(hours=1)
CARDS_AFTER = timedelta(hours=2)


class CareOncallShift(models.Model):
    """A crew's time on duty. An open shift is what shows the crew the cards of the clients they answer for."""

    _name = "care.oncall.shift"
    _description = "On-call Shift"
    _inherit = ["care.oncall.team"]
    _column_by_column = False  # it says nothing of a client
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _transitions = {"planned": {"open"}, "open": {"closed"}}
    _frozen_from = "closed"

    # Who and when
    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        frozen=True,
        required=True,
        index=True,
        domain="[('kind', '=', 'on_call')]",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_unit_id(),
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    date_start = fields.Datetime("Starts", required=True, frozen=True)
    date_end = fields.Datetime("Ends", required=True, frozen=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        "care_oncall_shift_crew",
        "shift_id",
        "employee_id",
        "Crew",
        check_company=True,
        frozen=True,
    )
    roster_ids = fields.Many2many(
        "hr.employee", string="Members of the Team", compute="_compute_roster_ids", compute_sudo=True
    )
    lead_id = fields.Many2one("hr.employee", index="btree_not_null", check_company=True, frozen=True)

    # How it went
    state = fields.Selection(
        [("planned", "Planned"), ("open", "Ongoing"), ("closed", "Closed")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        by_verb=True,
        frozen=True,
    )
    opened_at = fields.Datetime("Opened", readonly=True, copy=False, by_verb=True, frozen=True)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False, by_verb=True, frozen=True)
    summary = fields.Text(
        copy=False, help="What the next shift and the morning meeting should know.", frozen=True
    )
    event_ids = fields.One2many("care.oncall.event", "shift_id", "Events", readonly=True)

    _end_after_start = models.Constraint(
        "CHECK (date_end > date_start)", "The shift ends before it starts. Change one of the two times."
    )
    _at_most_a_day = models.Constraint(
        "CHECK (date_end <= date_start + interval '25 hours')",
        "A shift lasts a day at most. Plan two shifts instead.",
    )
    _unit_idx = models.Index("(unit_id, date_start DESC, id DESC)")
    _open_idx = models.Index("(unit_id, date_end) WHERE state = 'open'")

    @api.model
    def _default_unit_id(self):
        members = self.env["care.unit.member"]
        domain = members._domain_now() & members._domain_mine()
        return members.search(domain & Domain("unit_id.kind", "=", "on_call")).unit_id[:1]

    @api.depends("unit_id")
    def _compute_roster_ids(self):
        employees = self.env["care.unit.member"]._employees_by_unit(self.unit_id)
        for shift in self:
            shift.roster_ids = employees.get(shift.unit_id._origin, False)

    @api.depends("unit_id", "date_start", "date_end")
    def _compute_display_name(self):
        for shift in self:
            shift.display_name = " ".join(filter(None, [shift.unit_id.name, shift._times()]))

    def _times(self):
        """From when to when, by the company's clock."""
        self.ensure_one()
        local = self.with_context(tz=self.company_id.care_tz)
        start, end = (
            moment and fields.Datetime.context_timestamp(local, moment)
            for moment in (self.date_start, self.date_end)
        )
        return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}" if start and end else ""

    @api.constrains("employee_ids", "unit_id")
    def _check_crew(self):
        self._check_people()

    @api.constrains("employee_ids", "state")
    def _check_one_open_shift(self):
        """Nobody is on duty in two open shifts.

        Two shifts that are opened at the same moment each see only themselves. The update makes the
        second wait and then fail with a serialization error; Odoo runs it again, and then it sees
        the first.
        """
        for shift in self.filtered(lambda shift: shift.state == "open" and shift.employee_ids):
            crew = tuple(shift.employee_ids.ids)
            self.env.cr.execute(
                "UPDATE care_oncall_shift_crew w SET shift_id = w.shift_id FROM care_oncall_shift h"
                " WHERE h.id = w.shift_id AND h.state <> 'closed' AND w.employee_id IN %s"
                " AND h.date_end > %s",
                (crew, shift.date_start - timedelta(days=30)),  # no rule: no shift is that long
            )
            # sudo: the other shift may be another team's; it is named, so that it can be closed
            other_sudo = self.sudo().search(
                [("id", "!=", shift.id), ("state", "=", "open"), ("employee_ids", "in", crew)], limit=1
            )
            if other_sudo:
                raise UserError(
                    self.env._(
                        "%(names)s is on duty in another open shift (%(shift)s). Close that one first.",
                        names=", ".join((other_sudo.employee_ids & shift.employee_ids).mapped("name")),
                        shift=other_sudo.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts.unit_id._refresh_coverage()
        return shifts

    def write(self, vals):
        if "unit_id" in vals and any(shift.state == "open" for shift in self):
            raise UserError(self.env._("The shift is open. Plan another one for the other team."))
        teams = self.unit_id
        result = super().write(vals)
        if {"unit_id", "date_start", "date_end", "employee_ids"} & vals.keys():
            (teams | self.unit_id)._refresh_coverage()
        return result

    def action_open(self):
        """The crew goes on duty: from now on it sees the cards, until the shift is closed or long over."""
        self.ensure_one()
        self.check_access("read")
        self._check_crew_or_lead()
        # sudo: the crew writes no roster but opens its shift; who asks was checked above
        self.sudo()._check_transition("open")
        now = fields.Datetime.now()
        if now < self.date_start - OPENS_BEFORE:
            raise UserError(
                self.env._("The shift begins at %s. It can be opened an hour before.", self._times())
            )
        if now >= self.date_end:
            raise UserError(
                self.env._("The shift is over. Ask the lead to plan the one that you are in now.")
            )
        if not self.employee_ids:
            raise UserError(self.env._("The shift has no crew. The lead adds those who are on duty."))
        # sudo: the crew writes no roster but opens its shift; who asks was checked above
        self.sudo()._transition("open", opened_at=now)
        return self._action_form()

    def _after_transition(self, before):
        """The cards open to the crew, and shut, with its shift."""
        super()._after_transition(before)
        self._forget_opened()

    def _check_crew_or_lead(self):
        if not (self._is_team_lead() or self._is_in_crew()):
            raise AccessError(self.env._("Only the shift's crew does this. The lead adds you to the crew."))

    def _is_in_crew(self):
        self.ensure_one()
        # sudo: care staff read no employees; whether one is among them oneself is all that comes back
        return self.env.user in self.sudo().employee_ids.user_id

    @api.model
    def _mine_now(self):
        """The open shift that the user is on duty in, not long over; or none."""
        now = fields.Datetime.now()
        return self.search(
            Domain("state", "=", "open") & Domain("date_end", ">", now - CARDS_AFTER) & self._domain_mine(),
            limit=1,
        )

    @api.model
    def _domain_mine(self):
        """The shifts that the user is in the crew of."""
        me = Domain("user_id", "=", self.env.uid) & Domain("active", "=", True)
        return Domain("employee_ids", "any!", me)  # one's own: the public list of employees is not asked

    @api.model
    def _mine_or_next(self):
        """What to show first: the shift that the user is in, else the nearest one to open."""
        if shift := self._mine_now():
            return shift
        now = fields.Datetime.now()
        mine = self._domain_mine()
        next_ = Domain("state", "=", "planned") & Domain("date_end", ">", now)
        nobodys = Domain("state", "=", "open") & Domain("date_end", ">", now - timedelta(days=1))
        return (
            self.search(
                mine & next_ & Domain("date_start", "<=", now + timedelta(hours=12)),  # no rule: tonight
                order="date_start",
                limit=1,
            )
            or self.search(nobodys, limit=1)
            or self.search(mine & next_, order="date_start", limit=1)
        )

    @api.model
    def action_first_screen(self):
        """What on-call staff see when they open the app."""
        shift = self._mine_or_next()
        if shift:
            return shift._action_form()
        return self.env["ir.actions.actions"]._for_xml_id("social_care.care_oncall_shift_action")

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Shift"),
            "res_model": "care.oncall.shift",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("social_care.care_oncall_shift_view_form").id, "form")],
            "target": "current",
        }

    def action_new_event(self, values=None):
        """Write a new event at once: received now, in this shift, saved before anything is typed.

        :param dict values: what is known already (client, dwelling, kind)
        :return: the action that opens the event's form
        """
        if not self:
            raise UserError(
                self.env._("You are in no open shift. Open your shift first, or ask the lead to plan it.")
            )
        self.ensure_one()
        self.check_access("read")
        values = {name: value for name, value in (values or {}).items() if name in NEW_EVENT_FIELDS}
        if dwelling_id := values.get("dwelling_id"):
            # sudo: a street's area is no secret; create checks whether the dwelling is served
            values["area_id"] = self.env["care.dwelling"].sudo().browse(dwelling_id).area_id.id
        event = self.env["care.oncall.event"].create(
            {"shift_id": self.id, "unit_id": self.unit_id.id, **values}
        )
        return event._action_form()


NEW_EVENT_FIELDS = {"client_id", "dwelling_id", "caller_kind", "channel", "kind", "reason", "caller_phone"}
