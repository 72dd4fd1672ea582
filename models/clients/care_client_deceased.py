from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

DECEASED = "social_care.activity_type_deceased"


class CareClient(models.Model):
    """A death is noted once, by whoever has the file at hand, and holds in every unit that has the file.

    The stays end that day, with all that ends with a stay. What waits for the client is cancelled; what is
    already due stays to be reported. A mistake is taken back whole.
    """

    _inherit = "care.client"

    deceased_on = fields.Date("Deceased", readonly=True, copy=False, by_verb=True, happened=True)

    @api.depends("deceased_on")
    def _compute_listed_name(self):
        """Marked wherever a list or a header of any unit shows the name."""
        super()._compute_listed_name()
        for client in self.filtered("deceased_on"):
            client.listed_name = f"{client.listed_name} †"

    def _reader_label(self):
        """Marked like that in choices, headings and prints."""
        label = super()._reader_label()
        return f"{label} †" if self.deceased_on else label

    def action_deceased(self, deceased_on=None):
        """Note that the client has died.

        :param date deceased_on: the day; today when empty
        :raise UserError: when it is noted already, or the day lies ahead or before the birth
        """
        day = fields.Date.to_date(deceased_on) or self.env["care.stay"]._today()
        for client in self:
            client.check_access("write")
            if client.id in client._doubles():
                client._refuse_double()
            if client.deceased_on:
                raise UserError(self.env._("It is noted already that the client has died."))
            client._check_day_of_death(day)
            client._set_deceased(day)

    def _check_day_of_death(self, day):
        if day > self.env["care.stay"]._today() or (self.birth_date and day < self.birth_date):
            raise UserError(self.env._("The day of death lies ahead or before the birth. Choose another."))

    def action_take_back_deceased(self):
        """It was a mistake. What ended by it returns until the end of the day after; later it does not."""
        for client in self:
            client.check_access("write")
            if not client.deceased_on:
                raise UserError(self.env._("It is not noted that the client has died."))
            if not client._stays_of_death_sudo().filtered("reopen_until"):
                client._check_managed()
            client._take_back_deceased()

    def action_open_deceased(self):
        """Ask for the day."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a Death"),
            "res_model": "care.client.deceased",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": self.id},
        }

    def _set_deceased(self, day):
        """Called by what has checked who."""
        # sudo: it holds for every unit that has the file, of which whoever notes it may know nothing
        client_sudo = self.sudo()
        client_sudo._with_doubles()._write_decided({"deceased_on": day})
        stays_sudo = client_sudo.env["care.stay"].search([("client_id", "in", self.ids)])
        for stay_sudo in stays_sudo.filtered(lambda stay: stay.state != "ended"):
            stay_sudo._end_deceased(day)
        client_sudo._after_deceased()
        stays_sudo._tell_of_death()

    def _after_deceased(self):
        """What waits for the clients is cancelled. Rooms add theirs."""

    def _take_back_deceased(self):
        # sudo: as above
        clients_sudo = self.sudo().filtered("deceased_on")
        stays_sudo = clients_sudo._stays_of_death_sudo()
        clients_sudo._with_doubles()._write_decided({"deceased_on": False})
        for stay_sudo in stays_sudo.filtered("reopen_until"):
            stay_sudo._return_from_death()
        stays_sudo._tell_of_death()

    def _with_doubles(self):
        return self | self.browse(self._ids_of_doubles())

    def _stays_of_death_sudo(self):
        # sudo: those of other units, which return without being shown
        stays_sudo = self.env["care.stay"].sudo()
        return stays_sudo.search([("client_id", "in", self.ids), ("end_reason", "=", "deceased")])


class CareStay(models.Model):
    _inherit = "care.stay"

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create(vals_list)
        stays._follow_death()
        return stays

    def write(self, vals):
        result = super().write(vals)
        if vals.get("end_reason") == "deceased":
            self._follow_death()
        return result

    def _follow_death(self):
        """A stay that is ended as that of a person who has died says so of the person."""
        for stay in self.filtered(lambda stay: stay.end_reason == "deceased"):
            # sudo: whoever ends a stay says why; the client's day follows, whatever they may write there
            client_sudo = stay.client_id.sudo()
            if not client_sudo.deceased_on:
                if not stay.date_to:
                    raise UserError(self.env._("State the day of death as the last day."))
                client_sudo._check_day_of_death(stay.date_to)
                stay.client_id._set_deceased(stay.date_to)

    @api.constrains("client_id", "date_from")
    def _check_client_lives(self):
        """A stay that is written in late has a last day."""
        for stay in self:
            # sudo: the day is no secret to whoever places the client; nothing else comes back
            died = stay.client_id.sudo().deceased_on
            goes_on = not stay.ended_at and (not stay.date_to or stay.date_to >= self._today())
            if died and (stay.date_from > died or (goes_on and stay.date_to != died)):
                raise ValidationError(
                    self.env._(
                        "It is noted that the client has died. If that is a mistake, take it back first."
                    )
                )

    def _end_deceased(self, day):
        """With what was planned for the person too: it opens to nobody who would not have it now."""
        self._write_decided(
            {
                "former_date_to": self.date_to,
                "date_to": max(day, self.date_from),
                "end_reason": "deceased",
                "ended_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _cron_remind(self):
        """Where somebody told of a death has left, the next in charge is."""
        super()._cron_remind()
        self._reminded(DECEASED)._tell_of_death()

    def _after_reopened(self, reasons):
        super()._after_reopened(reasons)
        self._check_client_lives()

    def _return_from_death(self):
        """As it was: what was to end until now is over, and in a dwelling that is given away others live."""
        former = self.former_date_to
        if former and former < self._today():
            self._write_decided(
                {"date_to": former, "ended_at": False, "end_reason": False, "former_date_to": False}
            )
            return
        others = [
            ("dwelling_id", "=", self.dwelling_id.id),
            ("state", "in", ("planned", "active")),
            ("date_from", "<=", former or date.max),
        ]
        if self.dwelling_id and self.search_count(others) >= self.dwelling_id.places:
            self.dwelling_id = False
        self._reopen()

    def _tell_of_death(self):
        """Managers and contact persons of every unit whose file is open, or was until now, are told, by reference. Once.

        Reminders of the app's for the person alive go.
        """
        now = fields.Datetime.now()
        open_now = self.filtered(lambda stay: not stay.closes_at or stay.closes_at > now or stay.reopen_until)
        told = open_now.filtered(lambda stay: stay.client_id.deceased_on)
        type_ = self.env.ref(DECEASED, raise_if_not_found=False)
        told.activity_ids.filtered(
            lambda activity: activity.automated and activity.activity_type_id != type_
        ).unlink()
        responsible = told._responsible_now()
        users_of = {stay: (stay in told and responsible[stay] - self.env.user) or () for stay in self}
        self._sync_activities(DECEASED, users_of, once=True)
