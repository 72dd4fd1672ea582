from odoo import api, fields, models
from odoo.exceptions import UserError


class CareSupportParticipant(models.Model):
    """Somebody in a group or on its waiting list: a name or an alias, as the unit's mode lets."""

    _name = "care.support.participant"
    _description = "Participant of a Support Group"
    _inherit = ["care.neutral"]
    _order = "id"
    _neutral_parent = "group_id"
    _kept_in_none = False
    _transitions = {
        "waiting": {"invited", "left"},
        "invited": {"joined", "waiting", "left"},
        "joined": {"left"},
        "left": {"waiting"},
    }

    group_id = fields.Many2one(
        "care.support.group", required=True, index=True, ondelete="cascade", frozen="id"
    )
    number = fields.Integer("No.", readonly=True, copy=False, by_verb=True)
    alias = fields.Char("Card Number", naming="alias")
    name = fields.Char(naming=True)
    phone = fields.Char(naming=True)
    email = fields.Char(naming=True)
    street = fields.Char(naming=True)
    zip = fields.Char("ZIP", naming=True)
    city = fields.Char(naming=True)
    case_id = fields.Many2one("care.relative.case", index="btree_not_null", ondelete="set null")
    state = fields.Selection(
        [("waiting", "Waiting"), ("invited", "Has a place"), ("joined", "Takes part"), ("left", "Left")],
        required=True,
        default="waiting",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    invited_on = fields.Date("Invited", readonly=True, copy=False, by_verb=True)
    session_ids = fields.Many2many(
        "care.support.session", "care_support_attendance_rel", "participant_id", "session_id", "Was At"
    )

    _never_none = models.Constraint(
        "CHECK (mode <> 'none')", "This unit keeps no personal data: count heads instead of participants."
    )
    _pseudonym_is_nameless = models.Constraint(
        "CHECK (mode <> 'pseudonym' OR (name IS NULL AND phone IS NULL AND email IS NULL"
        " AND street IS NULL AND zip IS NULL AND city IS NULL))",
        "This unit documents with pseudonyms: no name, phone or address can be stored. Use the card number.",
    )
    _known_somehow = models.Constraint(
        "CHECK (name IS NOT NULL OR alias IS NOT NULL)",
        "Write a name, or a card number that the person holds.",
    )
    _group_idx = models.Index("(group_id, state, id)")

    @api.depends("number")
    def _compute_display_name(self):
        for person in self:
            person.display_name = self.env._("No. %(number)s", number=person.number or 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever comes waits until given a place; numbers are never used again."""
        if not all(vals.get("name") or vals.get("alias") for vals in vals_list):
            raise UserError(self.env._("Write a name, or a card number that the person holds."))
        people = super().create(vals_list)
        # sudo: no number is used twice, whoever has had it; the highest of the group is all that comes back
        last = dict(
            self.sudo()._read_group([("group_id", "in", people.group_id.ids)], ["group_id"], ["number:max"])
        )
        # sudo: the number follows from the creation, which was checked
        for person in people.sudo().filtered(lambda person: not person.number):
            last[person.group_id] = (last.get(person.group_id) or 0) + 1
            person._write_decided({"number": last[person.group_id]})
        return people

    @api.constrains("case_id")
    def _check_case_unit(self):
        for person in self:
            if person.case_id and person.case_id.unit_id != person.unit_id:
                raise UserError(self.env._("The case belongs to another unit."))

    def action_give_place(self):
        """Give a place, if there is one. Two supporters at once: the second waits for the first."""
        self.check_access("write")
        for group, people in self.grouped("group_id").items():
            group.lock_for_update()
            if len(people) > group.free:
                raise UserError(
                    self.env._("The group has %(free)s free places. Let the others wait.", free=group.free)
                )
        self._transition("invited", invited_on=False)

    def action_join(self):
        self._transition("joined")

    def action_wait(self):
        self._transition("waiting")

    def action_leave(self):
        self._transition("left")

    @api.model
    def _neutral_forbidden(self, unit, mode):
        mine = [("unit_id", "=", unit.id)]
        if mode == "none":
            return [(self.env._("participants are deleted; their number stays"), mine, None)]
        return [
            (
                self.env._("participants lose name and address, and keep their number"),
                self._domain_naming() & fields.Domain(mine),
                {},
            )
        ]

    @api.model
    def _neutral_erase(self, unit, mode):
        if mode == "pseudonym":
            # sudo: no name of the unit stays, whatever the supporter opens; Change Documentation asks who
            for person in self.sudo().search([("unit_id", "=", unit.id)]):
                alias = person.alias or str(person.number)
                person._write_decided({**dict.fromkeys(self._naming(), False), "alias": alias})
            return None
        # Heads survive when their names go.
        # sudo: no row of the unit is left out, whatever the supporter opens; Change Documentation asks who
        for group in self.env["care.support.group"].sudo().search([("unit_id", "=", unit.id)]):
            if group.mode != "none":
                group._write_decided(
                    {"booked_heads": min(group.taken, group.places), "waiting_heads": group.waiting}
                )
        return super()._neutral_erase(unit, mode)
