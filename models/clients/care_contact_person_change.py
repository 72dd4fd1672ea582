from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CareContactPerson(models.Model):
    """Changing one contact person for another: a small process that leaves a history.

    The former one stays as deputy during the overlap, so that the client is never between two. Nobody
    has to say why: the client's wish is enough.
    """

    _inherit = "care.contact.person"

    asked_by = fields.Selection(
        [
            ("client", "The client"),
            ("representative", "The client's representative"),
            ("contact_person", "The contact person"),
            ("unit", "The unit"),
        ],
        "Change Asked by",
        readonly=True,
        copy=False,
    )
    closing_date = fields.Date("Closing Conversation", copy=False)
    closing_outcome = fields.Selection(
        [("held", "Held"), ("not_wanted", "The client did not want it")],
        readonly=True,
        copy=False,
    )
    previous_id = fields.Many2one(
        "care.contact.person", "Came after", readonly=True, copy=False, index="btree_not_null"
    )
    absent_until = fields.Date(compute="_compute_absent_until", help="Away now, by Odoo's Time Off.")
    is_now = fields.Boolean(compute="_compute_is_now", string="Now")

    @api.depends("employee_id")
    def _compute_absent_until(self):
        absent = self.env["resource.calendar.leaves"]._care_absent_until(self.employee_id)
        for contact in self:
            until = absent.get(contact.employee_id)
            contact.absent_until = until and fields.Datetime.context_timestamp(contact, until).date()

    @api.depends("opens_at", "closes_at")
    def _compute_is_now(self):
        for contact in self:
            contact.is_now = contact._is_now()

    @api.constrains("closing_date", "previous_id")
    def _check_closing_date(self):
        for contact in self.filtered("closing_date"):
            if contact.closing_date < contact.date_from:
                raise ValidationError(
                    self.env._("The closing conversation comes before the contact began. Choose a later day.")
                )

    def action_open_change(self):
        """Ask who follows, from when, and when the closing conversation is."""
        self.ensure_one()
        return self._action_change(self.client_id, self.unit_id)

    @api.model
    def _action_change(self, client, unit):
        former = self._primary_on(client, unit, self._today())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Contact Person") if former else self.env._("Choose Contact Person"),
            "res_model": "care.contact.person.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": client.id, "default_unit_id": unit.id},
        }

    def action_print_card(self):
        self.ensure_one()
        return self.env.ref("social_care.care_contact_person_report_action").report_action(self)

    def action_closing_held(self):
        self._set_closing("held")

    def action_closing_not_wanted(self):
        """An offer, no duty: that the client did not want it is a result too."""
        self._set_closing("not_wanted")

    def _set_closing(self, outcome):
        for contact in self:
            contact._check_lasting()
            contact._check_changer(own=True)
            if not contact.closing_date or contact.closing_outcome:
                raise UserError(
                    self.env._("There is no closing conversation to report here. Plan a change first.")
                )
        # sudo: the contact person reports the conversation, and may not write here; checked above
        self.sudo().write({"closing_outcome": outcome})
        self._sync_closings()

    def _check_changer(self, own=False):
        """A manager of the unit decides; about the closing conversation the contact person reports too."""
        self.ensure_one()
        if self.env.su or (own and self.user_id == self.env.user):
            return
        self.env["care.unit.member"]._check_manages(self.unit_id)

    @api.model
    def _change(self, client, unit, employee, date_from, **how):
        """Let ``employee`` follow the present contact person from ``date_from`` on.

        :param how: ``chosen_by``, ``asked_by``, ``reason``, ``closing_date``, ``overlap_days`` (so many
            days the former one stays as deputy)
        :return: the new contact person
        :raise AccessError: for everyone but a manager of the unit
        """
        if not self.env.su:
            self.env["care.unit.member"]._check_manages(unit)
        former = self._primary_on(client, unit, date_from)
        if former.employee_id == employee:
            raise UserError(self.env._("This person is the contact person already. Choose someone else."))
        former._step_back(date_from, how)
        self._end_deputy(client, unit, employee, date_from)
        values = {
            "client_id": client.id,
            "unit_id": unit.id,
            "employee_id": employee.id,
            "role": "primary",
            "date_from": date_from,
            "chosen_by": how.get("chosen_by") or "unit",
            "previous_id": former.id,
        }
        with self._deciding("previous_id"):
            return self.create(values)

    @api.model
    def _primary_on(self, client, unit, day):
        return self.search(
            Domain("client_id", "=", client.id)
            & Domain("unit_id", "=", unit.id)
            & Domain("role", "=", "primary")
            & Domain("mistake_reason", "=", False)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            limit=1,
        )

    def _step_back(self, date_from, how):
        """The former one ends the day before, and stays as deputy for as long as was agreed."""
        if not self:
            return
        if self.date_from >= date_from:
            raise UserError(
                self.env._(
                    "The present contact person begins that very day. Choose a later day for the change."
                )
            )
        self._write_decided(
            {
                "date_to": date_from - timedelta(days=1),
                "asked_by": how.get("asked_by"),
                "reason": how.get("reason"),
                "closing_date": how.get("closing_date"),
            }
        )
        if days := how.get("overlap_days"):
            self.copy(
                {
                    "role": "deputy",
                    "date_from": date_from,
                    "date_to": date_from + timedelta(days=days - 1),
                    "reason": self.env._("Overlap"),
                    "chosen_by": self.chosen_by,
                }
            )
        self._sync_closings()

    @api.model
    def _end_deputy(self, client, unit, employee, date_from):
        """Whoever becomes the contact person is no deputy any more."""
        deputy = self.search(
            Domain("client_id", "=", client.id)
            & Domain("unit_id", "=", unit.id)
            & Domain("employee_id", "=", employee.id)
            & Domain("role", "=", "deputy")
            & Domain("date_from", "<", date_from)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date_from))
        )
        deputy.write({"date_to": date_from - timedelta(days=1)})

    @api.model
    def _domain_closing(self):
        """Closing conversations that nobody has reported yet."""
        return Domain("closing_date", "!=", False) & Domain("closing_outcome", "=", False)

    def _sync_closings(self):
        for contact in self:
            # sudo: reminders follow from all closing conversations of the stay, whatever of it the user opens
            contact._current_stay().sudo()._sync_closings()

    def _current_stay(self):
        return self.env["care.stay"].search(
            [
                ("client_id", "=", self.client_id.id),
                ("unit_id", "=", self.unit_id.id),
                ("state", "=", "active"),
            ],
            limit=1,
        )


class CareStay(models.Model):
    _inherit = "care.stay"

    def _sync_closings(self):
        """Whoever holds a closing conversation is reminded of it, on the stay as of all that a unit has to do.

        Whoever has left is followed by who is responsible now.
        """
        contacts = self.env["care.contact.person"]
        found = contacts.search(contacts._domain_closing() & Domain("client_id", "in", self.client_id.ids))
        by_place = found.grouped(lambda contact: (contact.client_id, contact.unit_id))
        waiting = {stay: by_place.get((stay.client_id, stay.unit_id), contacts) for stay in self}
        here, responsible, users_of = self.unit_id._users_by_unit(), self._responsible_now(), {}
        for stay in self:
            holders = waiting[stay].user_id & here[stay.unit_id]
            is_open = waiting[stay] and stay.state == "active"
            users_of[stay] = (holders or list(responsible[stay])) if is_open else []
        self._sync_activities(
            "social_care.activity_type_closing",
            users_of,
            lambda stay: min(waiting[stay].mapped("closing_date")),
            once=True,
        )
