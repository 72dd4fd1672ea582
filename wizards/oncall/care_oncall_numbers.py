import base64
from datetime import date
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.csv_text import csv_bytes
from ...tools.midnight import limits
from ...tools.small_numbers import SMALL_CELL, publishable

# Minutes from the call to the arrival: the upper end of each band, the last one is open.
BANDS = (10, 20, 30, 60)
# Months in it, how many back are offered, how it is written, how it is shown (CLDR).
PERIODS = (
    (1, 12, "%Y-%m", "LLLL y"),
    (3, 8, "%Y-q{quarter}", "QQQQ y"),
    (12, 3, "%Y", "y"),
)


class CareOncallNumbers(models.TransientModel):
    """The nights in numbers, for whoever is outside the team: the only way in which numbers leave it.

    Nobody can be recognised: a cell under five is hidden, and so is what would give it away. Nor does
    one period give away another's: a month is told when it is over and all its shifts are closed, so
    that it is told alike ever after, and a quarter or a year tells what its months tell, added up, and
    nothing else. Whoever takes one from the other learns nothing that the months do not say.
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
    period = fields.Selection(
        selection="_selection_period",
        required=True,
        default=lambda self: self._selection_period()[0][0],
        help="A whole month, quarter or year that is over. A night belongs to the day on which it began.",
    )
    date_from = fields.Date("From", compute="_compute_dates")
    date_to = fields.Date("To", compute="_compute_dates")
    csv_file = fields.Binary(attachment=False, readonly=True)

    @api.model
    def _selection_period(self):
        """Whole months, quarters and years that are over, the latest first."""
        today = fields.Date.context_today(self.with_context(tz=self.env.company.care_tz))
        periods = []
        for months, number, value, shown in PERIODS:
            first = today.replace(month=(today.month - 1) // months * months + 1, day=1)
            for _turn in range(number):
                first -= relativedelta(months=months)
                quarter = (first.month + 2) // 3
                label = format_date(self.env, first, date_format=shown)
                periods.append((first.strftime(value.format(quarter=quarter)), label))
        return periods

    @api.depends("period")
    def _compute_dates(self):
        for numbers in self:
            year, _dash, part = (numbers.period or "").partition("-")
            if not year:
                numbers.date_from = numbers.date_to = False
                continue
            months = 3 if part.startswith("q") else 1 if part else 12
            first = (int(part.lstrip("q")) - 1) * months + 1 if part else 1
            numbers.date_from = date(int(year), first, 1)
            numbers.date_to = numbers.date_from + relativedelta(months=months, days=-1)

    @api.constrains("period")
    def _check_period(self):
        offered = {value for value, _label in self._selection_period()}
        if any(numbers.period not in offered for numbers in self):
            raise ValidationError(self.env._("Choose a whole month, quarter or year that is over."))

    def action_print(self):
        self._check_may_leave()
        return self.env.ref("social_care.care_oncall_numbers_report_action").report_action(self)

    def action_csv(self):
        self.ensure_one()
        self._check_may_leave()
        hidden = self.env._("hidden")
        rows = [[self.env._("Table"), self.env._("Row"), self.env._("Events")]]
        for table in self._tables():
            for label, count in [*table["rows"], (self.env._("All"), table["total"])]:
                rows.append([table["title"], label, hidden if count is None else count])
        self.csv_file = base64.b64encode(csv_bytes(rows))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/csv_file/{self._file_name()}.csv?download=true",
            "target": "download",
        }

    def _check_may_leave(self):
        """Asked for by the lead, and never to be told otherwise: a closed shift is not changed any more."""
        self._check_lead()
        for numbers in self:
            # sudo: whether it is closed, of the lead's own team
            open_ = (
                self.env["care.oncall.shift"]
                .sudo()
                .search(
                    numbers._domain_shifts(numbers.date_from, numbers.date_to) & Domain("state", "=", "open"),
                    limit=1,
                )
            )
            if open_:
                raise UserError(
                    self.env._(
                        "The shift %s is not closed yet. Close it first, then the numbers of its period are final.",
                        open_.display_name,
                    )
                )

    def _check_lead(self):
        """The lead of that very team, as a member of it now."""
        self.check_access("read")
        members = self.env["care.unit.member"]
        mine = members.search(members._domain_now() & members._domain_mine()).unit_id
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
        tables = [self._told(title, partial(self._cells, name)) for name, title in titles.items()]
        return [*tables, self._told(self.env._("Minutes from the call to the arrival"), self._bands)]

    def _told(self, title, cells_of):
        """What the months tell, added up; hidden in one month is hidden.

        :param cells_of: gives events per label of the events that a domain finds
        """
        months = [publishable(cells_of(self._domain(*month))) for month in self._months()]
        rows = [
            (label, self._sum([cells.get(label, 0) for cells, _total in months]))
            for label in cells_of(self._domain(self.date_from, self.date_to))
        ]
        return {"title": title, "rows": rows, "total": self._sum([total for _cells, total in months])}

    @api.model
    def _sum(self, counts):
        return None if None in counts else sum(counts)

    def _cells(self, name, domain):
        """Events per label, in the order of the labels."""
        # sudo: counts alone, and events about protected persons count like others; _check_lead has asked who
        events_sudo = self.env["care.oncall.event"].sudo()
        counts = dict(events_sudo._read_group(domain, [name], ["__count"]))
        field, unknown = events_sudo._fields[name], self.env._("Not stated")
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

    def _bands(self, domain):
        # sudo: counts alone, and events about protected persons count like others; _check_lead has asked who
        events_sudo = self.env["care.oncall.event"].sudo()
        arrived = domain & Domain("arrived_at", "!=", False)
        cells, lower = {}, 0
        for upper in (*BANDS, None):
            band = arrived & Domain("response_minutes", ">=", lower)
            band = band & Domain("response_minutes", "<", upper) if upper else band
            label = f"{lower}–{upper - 1}" if upper else self.env._("%s or more", lower)
            cells[label], lower = events_sudo.search_count(band), upper
        return cells

    def _response(self):
        """The average of the minutes to arrival; None where a month has fewer than five behind it."""
        # sudo: counts alone, and events about protected persons count like others; _check_lead has asked who
        events_sudo = self.env["care.oncall.event"].sudo()
        arrived = Domain("arrived_at", "!=", False)
        aggregates = ["__count", "response_minutes:sum"]
        months = [
            events_sudo._read_group(self._domain(*month) & arrived, [], aggregates)[0]
            for month in self._months()
        ]
        count = sum(number for number, _minutes in months)
        if not count or any(0 < number < SMALL_CELL for number, _minutes in months):
            return None
        return round(sum(minutes or 0 for _number, minutes in months) / count)

    def _months(self):
        """First and last day of each month of the period."""
        firsts = [self.date_from]
        while (following := firsts[-1] + relativedelta(months=1)) <= self.date_to:
            firsts.append(following)
        return [(first, first + relativedelta(months=1, days=-1)) for first in firsts]

    def _domain(self, first, last):
        return Domain("shift_id", "any", self._domain_shifts(first, last))

    def _domain_shifts(self, first, last):
        """Shifts that began from local midnight of the first day to the one after the last."""
        start, end = limits(first, last, self.company_id.care_tz)
        return (
            Domain("unit_id", "=", self.unit_id.id)
            & Domain("date_start", ">=", start)
            & Domain("date_start", "<", end)
        )
