import itertools
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

OPERATORS = [("municipal", "Municipal"), ("private", "Private")]


class Row(NamedTuple):
    company_id: int | None
    operator_type: str | None
    date_from: date | None
    date_to: date | None
    value: int
    unit: str


def first_holding(rows, operator_type, day):
    """The first of the rows that holds on the day for that kind of provider, or None."""
    for row in rows:
        begun = not row.date_from or row.date_from <= day
        if row.operator_type in (None, operator_type) and begun and (not row.date_to or day <= row.date_to):
            return row
    return None


class CareRule(models.Model):
    """A period or deadline of law or practice, with where it was read: no number in code is compared with a date.

    Of the rows of one code that hold on a day, the company's own comes first, then one for its kind of provider;
    of two, the one that begins later. Somebody at the provider verifies a row; a changed row is not verified.
    """

    _name = "care.rule"
    _description = "Period or Deadline"
    _inherit = ["care.watched", "care.guarded"]
    _order = "code, company_id desc, operator_type, date_from desc, id"

    code = fields.Char(required=True, readonly=True, help="What the app asks for.")
    name = fields.Char(required=True, translate=True)
    value = fields.Integer(required=True, opens_access=True)
    unit = fields.Selection(
        [
            ("minute", "minutes"),
            ("hour", "hours"),
            ("day", "days"),
            ("week", "weeks"),
            ("month", "months"),
            ("year", "years"),
        ],
        required=True,
        readonly=True,
    )
    least = fields.Integer(readonly=True, help="The law or the app allows no less.")
    most = fields.Integer(readonly=True, required=True, help="The law or the app allows no more.")
    operator_type = fields.Selection(OPERATORS, "Kind of Provider", help="Empty: both.", opens_access=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index="btree_not_null", help="Empty: all.", opens_access=True
    )
    basis_id = fields.Many2one("care.legal.basis", "Legal Basis", ondelete="restrict")
    source = fields.Char(
        translate=True, help="Where it was read, and when; or who at the provider has decided it."
    )
    date_from = fields.Date("Valid From", help="Empty: always has.", opens_access=True)
    date_to = fields.Date("Valid To", help="The last day. Empty: until further notice.", opens_access=True)
    verified_by_id = fields.Many2one(
        "res.users", "Verified by", readonly=True, copy=False, ondelete="restrict", by_verb=True
    )
    verified_on = fields.Date(readonly=True, copy=False, by_verb=True)
    rests = fields.Char("What Rests on It", translate=True, readonly=True)

    _within = models.Constraint(
        "CHECK (value BETWEEN least AND most)", "The value lies outside what the law or the app allows."
    )
    _period_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The last day comes before the first. Change one of the two dates.",
    )
    _once = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), COALESCE(operator_type, ''), COALESCE(date_from, '-infinity'))",
        "There is a row for this day already. Change that one.",
    )

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _value(self, code, company=None, on=None):
        """The number that holds on that day.

        :param company: one ``res.company``; the user's when empty
        :param date on: today when empty
        :raise UserError: when no row holds that day
        """
        return self._holding(code, company, on)[0]

    @api.model
    def _period(self, code, company=None, on=None):
        """The same as what is added to a day or a moment."""
        value, unit = self._holding(code, company, on)
        return relativedelta(**{f"{unit}s": value})

    @api.model
    def _holding(self, code, company, on):
        company = company or self.env.company
        kind, timezone = self._kind_and_zone_of(company.id)
        on = on or fields.Date.context_today(self.with_context(tz=timezone))
        rows = [row for row in self._rows_of(code) if row.company_id in (None, company.id)]
        if not (row := first_holding(rows, kind, on)):
            raise UserError(
                self.env._(
                    "No rule says what holds for %(code)s on %(day)s. An administrator adds it under Rules and Deadlines.",
                    code=code,
                    day=on,
                )
            )
        return row.value, row.unit

    @api.model
    @tools.ormcache("company_id")
    def _kind_and_zone_of(self, company_id):
        # sudo: what the law says of a provider is no secret, and neither is which kind of provider it is
        company = self.env["res.company"].sudo().browse(company_id)
        return company.care_operator_type, company.care_tz

    @api.model
    @tools.ormcache("code")
    def _rows_of(self, code):
        """The rows of the code, the ones that come first standing first."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, operator_type, date_from, date_to, value, unit FROM care_rule WHERE code = %s"
                " ORDER BY company_id NULLS LAST, operator_type NULLS LAST, date_from DESC NULLS LAST, id",
                code,
            )
        )
        return [Row(*row) for row in rows]

    @api.model
    def _sql_value(self, code, company_column):
        """The number of each row's company, for a query of one's own."""
        # sudo: the companies of the rows that are asked for, whoever asks
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        values = {company.id: self._value(code, company) for company in companies}
        cases = SQL(" ").join(SQL("WHEN %s THEN %s", id_, value) for id_, value in values.items())
        return SQL("(CASE %s %s END)", company_column, cases)

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        """What has changed is no longer what somebody verified."""
        if {
            "value",
            "date_from",
            "date_to",
            "operator_type",
            "company_id",
            "basis_id",
            "source",
        } & vals.keys():
            vals = {**vals, "verified_by_id": False, "verified_on": False}
            with self._deciding("verified_by_id", "verified_on"):
                result = super().write(vals)
        else:
            result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def action_verify(self):
        """Somebody at the provider has held the row against its source."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        self._write_decided({"verified_by_id": self.env.uid, "verified_on": today})

    def action_change(self):
        """A row of the same rule that takes over tomorrow: another value, or one company's own.

        :return: the action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        own = {name: self[name] for name in ("code", "name", "unit", "least", "most", "rests")}
        vals = self.copy_data(own)[0]
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        rule = self._create_decided([{**vals, "date_from": tomorrow, "date_to": False, "source": False}])
        with self._deciding("rests"):
            self.copy_translations(rule, excluded=("source",))
        return rule._get_records_action(name=rule.name)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_common(self):
        if self.filtered(lambda rule: not rule.company_id):
            raise UserError(
                self.env._(
                    "What holds for all is not removed. Say until when it holds, and add what follows."
                )
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.constrains("date_from", "date_to", "company_id", "operator_type")
    def _check_no_gap(self):
        """Whatever the day and the kind of provider, said or not, a row that holds for all companies answers."""
        self.env.registry.clear_cache()
        for code in set(self.mapped("code")):
            common = [row for row in self._rows_of(code) if not row.company_id]
            days = [date.min, *(row.date_to + timedelta(days=1) for row in common if row.date_to)]
            for kind, day in itertools.product((None, *dict(OPERATORS)), days):
                if not first_holding(common, kind, day):
                    raise ValidationError(
                        self.env._("On some day nothing would hold for %s. Add first what follows.", code)
                    )
