from odoo import api, fields, models
from odoo.exceptions import UserError


class CareSupportGroup(models.Model):
    """A support group: its meetings, its places and who waits for one, by the unit's documentation mode."""

    _name = "care.support.group"
    _description = "Support Group"
    _inherit = ["care.neutral"]
    _order = "date_from desc, id desc"
    _transitions = {"planned": {"open", "ended"}, "open": {"ended"}}

    name = fields.Char(required=True, help="What the leaflet calls the group. No person's name.")
    target = fields.Char("For Whom", help="Partners of people with dementia; parents of adults; everyone.")
    themes = fields.Text(help="What the meetings are about, one line each.")
    date_from = fields.Date("Starts", required=True, default=fields.Date.context_today)
    place = fields.Char(help="Where the group meets, as it is written on the invitation.")
    places = fields.Integer(default=8, required=True)
    leader_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    state = fields.Selection(
        [("planned", "Planned"), ("open", "Running"), ("ended", "Ended")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        by_verb=True,
    )

    # Who comes: heads where nothing personal is kept, else participants
    booked_heads = fields.Integer("Heads Booked", help="How many have booked a place. No names.")
    waiting_heads = fields.Integer("Heads Waiting", help="How many wait for a place. No names.")
    participant_ids = fields.One2many("care.support.participant", "group_id", "Participants")
    taken = fields.Integer(compute="_compute_taken")
    waiting = fields.Integer(compute="_compute_taken")
    free = fields.Integer(compute="_compute_taken")
    session_ids = fields.One2many("care.support.session", "group_id", "Meetings")

    # Evaluation, in numbers
    eval_answers = fields.Integer("Answers", help="How many participants answered the evaluation.")
    eval_helped = fields.Integer("Were Helped", help="How many of them say that the group helped.")
    eval_recommend = fields.Integer("Would Recommend It")
    eval_change = fields.Selection(
        [
            ("nothing", "Nothing"),
            ("time", "The time"),
            ("place", "The place"),
            ("length", "More or fewer meetings"),
            ("themes", "The themes"),
            ("size", "The size of the group"),
        ],
        "To Change Next Time",
    )

    _places_positive = models.Constraint("CHECK (places > 0)", "A group has at least one place.")
    _heads = models.Constraint(
        "CHECK (booked_heads >= 0 AND waiting_heads >= 0 AND booked_heads <= places)",
        "No more can be booked than there are places. Let the others wait.",
    )
    _evaluation = models.Constraint(
        "CHECK (eval_answers >= 0 AND eval_helped BETWEEN 0 AND eval_answers"
        " AND eval_recommend BETWEEN 0 AND eval_answers)",
        "No more can have been helped, or recommend the group, than have answered.",
    )
    _list_idx = models.Index("(unit_id, date_from DESC, id DESC)")

    @api.depends("participant_ids.state", "places", "booked_heads", "waiting_heads", "mode")
    def _compute_taken(self):
        groups = self.env["care.support.participant"]._read_group(
            [("group_id", "in", self.ids)], ["group_id", "state"], ["__count"]
        )
        counts = {(group.id, state): count for group, state, count in groups}
        for group in self:
            if group.mode == "none":
                group.taken, group.waiting = group.booked_heads, group.waiting_heads
            else:
                ids = group._origin.id
                group.taken = counts.get((ids, "invited"), 0) + counts.get((ids, "joined"), 0)
                group.waiting = counts.get((ids, "waiting"), 0)
            group.free = group.places - group.taken

    def write(self, vals):
        result = super().write(vals)
        if "places" in vals and any(group.free < 0 for group in self):
            raise UserError(
                self.env._("More people have a place already. Move somebody to the waiting list first.")
            )
        return result

    def action_start(self):
        self._transition("open")

    def action_end(self):
        self._transition("ended")

    def action_sessions(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_support_session_action")
        return action | {
            "domain": [("group_id", "=", self.id)],
            "context": {"default_group_id": self.id},
            "display_name": self.name,
        }

    def action_next_in_line(self):
        """Offer the next person on the waiting list a place, or take the next head."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.free <= 0:
            raise UserError(self.env._("The group has no free place."))
        if self.mode == "none":
            if not self.waiting_heads:
                raise UserError(self.env._("Nobody waits for a place."))
            return self.write(
                {"waiting_heads": self.waiting_heads - 1, "booked_heads": self.booked_heads + 1}
            )
        first = self.participant_ids.filtered(lambda person: person.state == "waiting").sorted("id")[:1]
        if not first:
            raise UserError(self.env._("Nobody waits for a place."))
        return first.action_give_place()

    def action_invite(self):
        """E-mail those with a place and an address, once each; a letter is printed for the others."""
        self.ensure_one()
        self.check_access("write")
        invited = self.participant_ids.filtered(
            lambda person: person.state == "invited" and not person.invited_on
        )
        sent, failed = invited.filtered("email")._invite()
        letters = invited - sent - failed
        parts = [self.env._("%(sent)s invited by e-mail.", sent=len(sent))]
        if letters:
            parts.append(
                self.env._(
                    "No e-mail address, print a letter: %(numbers)s.", numbers=letters._written_numbers()
                )
            )
        if failed:
            parts.append(
                self.env._(
                    "Not sent, look at the address or call: %(numbers)s.", numbers=failed._written_numbers()
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": " ".join(parts),
                "type": "warning" if failed else "success",
                "sticky": bool(letters or failed),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _first_session(self):
        """The next meeting, else the first."""
        now = fields.Datetime.now()
        sessions = self.session_ids.sorted("date_start")
        return sessions.filtered(lambda session: session.date_start >= now)[:1] or sessions[:1]
