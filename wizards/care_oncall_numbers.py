import base64
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..models.care_relative_report_small import SMALL_CELL
from ..tools.csv_text import csv_bytes

# Minutes from the call to the arrival: the upper end of each band, the last one is open.
BANDS = (10, 20, 30, 60)


class CareOncallNumbers(models.TransientModel):
    """The nights in numbers, for whoever is outside the team: the only way in which numbers leave it.

    Nobody can be recognised: a cell under five is hidden, and so is what would give it away.
    """

    _name = "care.oncall.numbers"
    _description = "The Team's Numbers, to Leave the Team"
    _check_company_auto = True

    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        domain="[('kind', '=', 'on_call')]",
        default=lambda self: self.env["care.safety.walk"]._default_unit_id(),
    )
    company_id = fields.Many2one(related="unit_id.company_id")
    date_from = fields.Date("From", required=True, default=lambda self: self._first_of_last_month())
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: self._first_of_last_month() + relativedelta(months=1, days=-1),
    )
    csv_file = fields.Binary(attachment=False, readonly=True)

    _period_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day comes before the first. Change one of the two dates."
    )

    @api.model
    def _first_of_last_month(self):
        return fields.Date.context_today(self) + relativedelta(months=-1, day=1)

    def action_print(self):
        self._check_lead()
        return self.env.ref("social_care.care_oncall_numbers_report_action").report_action(self)

    def action_csv(self):
        self.ensure_one()
        self._check_lead()
        hidden = self.env._("hidden")
        rows = [[self.env._("Table"), self.env._("Row"), self.env._("Events")]]
        for table in self._tables():
            for label, count in [*table["rows"], (self.env._("All"), table["total"])]:
                rows.append([table["title"], label, hidden if count is None else count])
        self.sudo().csv_file = base64.b64encode(csv_bytes(rows))  # sudo: a file of one's own wizard
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/csv_file/{self._file_name()}.csv?download=true",
            "target": "download",
        }

    def _check_lead(self):
        """The lead of that very team, as a member of it now."""
        self.check_access("read")
        members = self.env["care.unit.member"]
        mine = members.search(members._domain_now() & Domain("user_id", "=", self.env.uid)).unit_id
        if not self.env.user.has_group("social_care.group_oncall_lead") or self.unit_id - mine:
            raise AccessError(self.env._("Only the lead of the on-call team makes its numbers."))

    def _file_name(self):
        self.ensure_one()
        return self.env._("On-call %(start)s %(end)s", start=self.date_from, end=self.date_to)

    def _tables(self):
        """The tables of the period, ready to leave the team.

        :return: list of ``{"title", "rows": [(label, events or None)], "total"}``, None for what is hidden
        """
        self.ensure_one()
        titles = {
            "kind": self.env._("Kind"),
            "reason": self.env._("Reason"),
            "hour": self.env._("Hour of the day"),
            "area_id": self.env._("Area"),
        }
        tables = [self._told(title, self._cells(name)) for name, title in titles.items()]
        return [*tables, self._told(self.env._("Minutes from the call to the arrival"), self._bands())]

    def _told(self, title, cells):
        shown, total = self.env["care.relative.report"]._publishable(cells)
        return {"title": title, "rows": list(shown.items()), "total": total}

    def _cells(self, name):
        """Events per label, in the order of the labels."""
        # sudo: counts alone, and events about protected persons count like others; _check_lead has asked who
        events = self.env["care.oncall.event"].sudo()
        counts = dict(events._read_group(self._domain(), [name], ["__count"]))
        field, unknown = events._fields[name], self.env._("Not stated")
        if field.type == "selection":
            labels = field._description_selection(self.env)
            cells = {label: counts[key] for key, label in labels if counts.get(key)}
        elif field.type == "many2one":
            named = sorted((record.name, count) for record, count in counts.items() if record)
            cells = dict(named)
        else:
            cells = {key: counts[key] for key in sorted(filter(None, counts))}
        missing = sum(count for key, count in counts.items() if not key)
        return cells | ({unknown: missing} if missing else {})

    def _bands(self):
        events = self.env["care.oncall.event"].sudo()  # sudo: as above
        arrived = self._domain() & Domain("arrived_at", "!=", False)
        cells, lower = {}, 0
        for upper in (*BANDS, None):
            band = arrived & Domain("response_minutes", ">=", lower)
            band = band & Domain("response_minutes", "<", upper) if upper else band
            label = f"{lower}–{upper - 1}" if upper else self.env._("%s or more", lower)
            cells[label], lower = events.search_count(band), upper
        return cells

    def _response(self):
        """The average of the minutes to arrival; None where fewer than five are behind it."""
        events = self.env["care.oncall.event"].sudo()  # sudo: as above
        arrived = self._domain() & Domain("arrived_at", "!=", False)
        count, average = events._read_group(arrived, [], ["__count", "response_minutes:avg"])[0]
        return round(average) if count >= SMALL_CELL else None

    def _domain(self):
        start, end = self._period_utc()
        return (
            Domain("unit_id", "=", self.unit_id.id)
            & Domain("received_at", ">=", start)
            & Domain("received_at", "<", end)
        )

    def _period_utc(self):
        """From local midnight of the first day to the one after the last."""
        timezone = pytz.timezone(self.company_id.care_tz or "Europe/Stockholm")
        return [
            timezone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]
