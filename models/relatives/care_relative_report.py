from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...tools.small_numbers import if_enough, publishable
from .care_neutral import AGE_BANDS, NEEDS, RELATIONS
from .care_relative_contact import CHANNELS, FORMS


class CareRelativeReport(models.Model):
    """The whole organisation's support of relatives, in numbers: contacts, group meetings, units' own support."""

    _name = "care.relative.report"
    _description = "Relative Support in Numbers"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"

    source = fields.Selection(
        [("contact", "Relative support"), ("group", "Group meetings"), ("unit", "Units' own support")],
        readonly=True,
    )
    unit_id = fields.Many2one("care.unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    form = fields.Selection(FORMS, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    relation = fields.Selection(RELATIONS, readonly=True)
    age_band = fields.Selection(AGE_BANDS, "Age", readonly=True)
    need_code = fields.Selection(NEEDS, "Need", readonly=True)
    district_id = fields.Many2one("care.relative.district", "Part of the Municipality", readonly=True)
    contacts = fields.Integer(readonly=True, aggregator="sum")
    first_contacts = fields.Integer(readonly=True, aggregator="sum")
    minutes = fields.Integer(readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        """Ids are kept apart by their last digit. PostgreSQL pushes units and dates into each part."""
        self.env["care.relative.contact"].flush_model()
        self.env["care.support.session"].flush_model()
        self.env["care.unit.support"].flush_model()
        return SQL(
            """
            SELECT c.id::bigint * 3 AS id, 'contact' AS source, c.unit_id, c.company_id, c.date, c.form, c.channel,
                   c.relation, c.age_band, c.need_code, c.district_id, 1 AS contacts,
                   CASE WHEN c.first_contact THEN 1 ELSE 0 END AS first_contacts, c.minutes
              FROM care_relative_contact c
             UNION ALL
            SELECT s.id::bigint * 3 + 1, 'group', s.unit_id, s.company_id, s.date, 'group', NULL, NULL, NULL, NULL,
                   NULL, s.head_count, 0, s.minutes
              FROM care_support_session s
             WHERE s.head_count > 0
             UNION ALL
            SELECT u.id::bigint * 3 + 2, 'unit', u.unit_id, u.company_id, u.date,
                   CASE WHEN u.kind = 'group' THEN 'group' ELSE 'talk' END, NULL, u.relation, u.age_band, u.need_code,
                   u.district_id, u.people, 0, u.minutes
              FROM care_unit_support u
            """
        )

    # ------------------------------------------------------------------
    # What leaves the unit
    # ------------------------------------------------------------------

    @api.model
    def _year_tables(self, units, year):
        """The year's tables for the board, ready to leave the unit.

        :return: list of ``{"title", "rows": [(label, contacts or None)], "total"}``
        """
        domain = [("date", ">=", f"{year}-01-01"), ("date", "<=", f"{year}-12-31")]
        domain += ["|", ("unit_id", "in", units.ids), ("source", "=", "unit")]
        titles = {
            "date:month": self.env._("Per month"),
            "need_code": self.env._("Needs"),
            "source": self.env._("Who gave the support"),
            "form": self.env._("Forms of support"),
            "age_band": self.env._("Age"),
            "relation": self.env._("Relation"),
            "district_id": self.env._("Part of the municipality"),
        }
        return [self._year_table(domain, groupby, title) for groupby, title in titles.items()]

    @api.model
    def _year_table(self, domain, groupby, title):
        if groupby not in ("date:month", "source", "form"):
            domain = [*domain, (groupby, "!=", False)]  # group meetings have no such codes
        groups = self._exact_groups(domain, [groupby], ["contacts:sum"])
        cells, total = publishable({key: count for key, count in groups if count})
        return {
            "title": title,
            "rows": [
                (self._year_label(groupby, key), count) for key, count in self._year_order(groupby, cells)
            ],
            "total": total,
        }

    @api.model
    def _year_order(self, groupby, cells):
        if groupby == "date:month":
            return sorted(cells.items())
        if groupby == "district_id":
            return sorted(cells.items(), key=lambda cell: (cell[0].sequence, cell[0].name))
        order = [key for key, _label in self._fields[groupby]._description_selection(self.env)]
        return sorted(cells.items(), key=lambda cell: order.index(cell[0]))

    @api.model
    def _year_label(self, groupby, key):
        if groupby == "date:month":
            return format_date(self.env, key, date_format="LLLL")
        if groupby == "district_id":
            return key.name
        return dict(self._fields[groupby]._description_selection(self.env))[key]

    @api.model
    def _year_figures(self, units, year):
        """Minutes, first contacts and the wait from referral to talk, hidden when too few are behind them."""
        domain = [
            ("date", ">=", f"{year}-01-01"),
            ("date", "<=", f"{year}-12-31"),
            ("unit_id", "in", units.ids),
        ]
        contacts, first, minutes = self._exact_groups(
            domain, [], ["contacts:sum", "first_contacts:sum", "minutes:sum"]
        )[0]
        talked = self.env["care.referral"]._read_group(
            [*domain, ("contacted_on", "!=", False)], [], ["__count", "wait_days:avg"]
        )[0]
        asked = self.env["care.referral"].search_count(domain)
        return [
            (self.env._("Hours of support"), if_enough(contacts, round((minutes or 0) / 60))),
            (self.env._("First contacts"), if_enough(first, first)),
            (self.env._("Referrals received"), if_enough(asked, asked)),
            (
                self.env._("Days from referral to talk, on average"),
                if_enough(talked[0], round(talked[1] or 0, 1)),
            ),
        ]

    @api.model
    def _year_lists(self, units, year):
        """All of the year's lists; those of averages have no total."""
        waits = [
            {
                "title": self.env._("Days from referral to talk, on average"),
                "rows": self._year_waits(units, year, "date:month"),
            },
            {
                "title": self.env._("Days from referral to talk, by part of the municipality"),
                "rows": self._year_waits(units, year, "district_id"),
            },
        ]
        return [*self._year_tables(units, year), *waits]

    @api.model
    def _year_waits(self, units, year, groupby):
        """Days from referral to talk, by the referral's month or part: ``[(label, days or None)]``."""
        domain = [
            ("date", ">=", f"{year}-01-01"),
            ("date", "<=", f"{year}-12-31"),
            ("unit_id", "in", units.ids),
            ("contacted_on", "!=", False),
        ]
        if groupby == "district_id":
            domain.append(("district_id", "!=", False))
        groups = self.env["care.referral"]._read_group(domain, [groupby], ["__count", "wait_days:avg"])
        cells = {key: if_enough(count, round(days or 0, 1)) for key, count, days in groups}
        return [(self._year_label(groupby, key), days) for key, days in self._year_order(groupby, cells)]
