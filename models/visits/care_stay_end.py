from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareStay(models.Model):
    """What ends with a stay, unless the client stays on in the unit by another one.

    With the stay ends the plan in force: what it agreed on is not done any more. Contact persons and
    choices end when the file closes to the unit, some days later, as of the stay's last day: until then
    the contact person finishes the documentation, and of a protected person nobody else could.

    When the end is taken back in time, or another stay in the unit goes on from the very next day, what ended
    with the stay returns. Contact persons and choices wait for that time to be over.
    """

    _inherit = "care.stay"

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create(vals_list)
        stays._return_to_next()
        return stays

    def write(self, vals):
        """A last day that is taken away or moved ahead takes the end back."""
        own = {}
        if "date_to" in vals and "ended_at" not in vals:
            last_day = fields.Date.to_date(vals["date_to"])
            if not last_day or last_day >= self._today():
                own = {"ended_at": False}
        with self._deciding(*own):
            result = super().write({**vals, **own})
        if vals.keys() & {"date_from", "date_to", "ended_at"} and not self._is_moving():
            tomorrow = self._today() + timedelta(days=1)
            for plan_sudo, last_day in self._plans_to_end(self.client_id.ids):
                plan_sudo._end_with_stay(last_day, tomorrow)
            # sudo: colleagues' reminders are taken back too, which whoever ends the stay may not write
            ended_sudo = self.sudo().filtered(lambda stay: stay.state == "ended")
            ended_sudo._update_plan_reminders()
        return result

    def _after_reopened(self, reasons):
        super()._after_reopened(reasons)
        self._return_what_ended()

    def _return_to_next(self):
        """Whoever moves by hand, one stay ended and the next begun, keeps the plan."""
        last_days = {
            (plan_sudo.client_id.id, plan_sudo.unit_id.id): plan_sudo.ended_on
            for plan_sudo in self._returning_sudo("care.plan")
        }
        day = timedelta(days=1)
        self.filtered(
            lambda stay: stay.date_from <= last_days.get(stay._place(), date.min) + day
        )._return_what_ended()

    def _return_what_ended(self):
        """For whom stays here again: what ended with an earlier stay, or an earlier end of this one."""
        for model in ("care.plan", "care.staff.choice"):
            self._returning_sudo(model)._return()
        # sudo: colleagues' reminders come back too, which whoever takes the end back may not write
        self.sudo()._update_plan_reminders()

    def _returning_sudo(self, model):
        """What returns to those of the stays that are not over."""
        places = {stay._place() for stay in self if stay.state != "ended"}
        domain = Domain("client_id", "in", [client_id for client_id, _unit_id in places])
        # sudo: it returns as it ended, by the stay, whatever of it the user may write
        rows_sudo = self.env[model].sudo().search(domain & Domain("returns_until", ">=", self._today()))
        return rows_sudo.filtered(lambda row: (row.client_id.id, row.unit_id.id) in places)

    def _place(self):
        return self.client_id.id, self.unit_id.id

    @api.model
    def _cron_end(self):
        """Stays end at midnight, when nobody presses a button."""
        day = timedelta(days=1)
        self.env["ir.cron"]._care_batches(
            self._plans_to_end(), lambda batch: batch[0][0]._end_with_stay(batch[0][1], batch[0][1] + day)
        )
        self._end_assignments()

    @api.model
    def _plans_to_end(self, client_ids=None):
        """Active plans of clients who do not stay in the plan's unit any more.

        :return: pairs of the plan, as superuser since the stay's end decides and not who set it, and the last day
        """
        rows = self._sql_ended(
            "care_plan", SQL("a.state = 'active'"), SQL("TRUE"), self._sql_is_ended(), client_ids
        )
        # sudo: the stay's end ends the plan, though who sets it may not write a plan in force
        plans_sudo = self.env["care.plan"].sudo()
        return [(plans_sudo.browse(plan_id), last_day) for plan_id, last_day in rows]

    @api.model
    def _end_assignments(self):
        """Contact persons, choices and reminders of files that have closed to the unit."""
        closed = SQL(
            "COALESCE((s.closes_at <= %s OR s.ended_at <= s.opens_at) AND COALESCE((s.ended_at AT TIME ZONE 'UTC' AT TIME ZONE c.care_tz)::date,"
            " s.date_to) + 1 < %s, FALSE)",
            fields.Datetime.now(),
            self.env["care.visit"]._sql_today(),
        )
        contacts, choices = self.env["care.contact.person"], self.env["care.staff.choice"]
        later = SQL("(a.date_to IS NULL OR a.date_to > GREATEST(%s, a.date_from))", self._sql_last_day())
        for contact_id, last_day in self._sql_ended("care_contact_person", SQL("TRUE"), later, closed):
            contact = contacts.browse(contact_id)
            contact.date_to = max(contact.date_from, last_day)
        open_ = SQL("a.state IN ('wished', 'accepted')")
        for choice_id, last_day in self._sql_ended("care_staff_choice", open_, SQL("TRUE"), closed):
            choices.browse(choice_id)._end(last_day)
        stays = self.search(Domain("closes_at", "<=", "now") & Domain("activity_ids", "!=", False))
        # what was told of an end that can be taken back still stands
        stays.filtered(lambda stay: not stay.reopen_until).activity_ids.filtered("automated").unlink()

    @api.model
    def _sql_is_ended(self):
        """The same days as those of ``state``."""
        return SQL(
            "s.ended_at IS NOT NULL OR COALESCE(s.date_to < %s, FALSE)", self.env["care.visit"]._sql_today()
        )

    @api.model
    def _sql_last_day(self):
        """The last day of the stays ``s``, of the company ``c``. One that was over before it began has its days ahead."""
        return SQL("max(LEAST(s.date_to, (s.ended_at AT TIME ZONE 'UTC' AT TIME ZONE c.care_tz)::date))")

    @api.model
    def _sql_ended(self, table, where, having, is_over, client_ids=None):
        """Rows of ``table`` (alias a) whose client's every stay (alias s) in the unit is over.

        A client who is at intake in the unit again is on the way in.

        :return: pairs of the row's id and the last day of the last stay
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT a.id, %s FROM %s a JOIN res_company c ON c.id = a.company_id"
                " JOIN care_client k ON k.id = a.client_id AND k.intake_unit_id IS DISTINCT FROM a.unit_id"
                " JOIN care_stay s ON s.client_id = a.client_id AND s.unit_id = a.unit_id"
                " WHERE %s AND %s GROUP BY a.id HAVING bool_and(%s) AND %s ORDER BY a.id",
                self._sql_last_day(),
                SQL.identifier(table),
                where,
                SQL("TRUE") if client_ids is None else SQL("a.client_id = ANY(%s)", list(client_ids)),
                is_over,
                having,
            )
        )
