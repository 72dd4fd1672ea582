from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ...tools.csv_text import csv_bytes
from ...tools.midnight import limits

# All that a landlord ever learns of a case, in this order. Add nothing that hangs on a person: the
# report must be the same to the byte whether or not the tenant is a client.
REPORT_FIELDS = (
    "reference",
    "received_at",
    "area_id",
    "address",
    "kind",
    "verified",
    "measures",
    "ladder_step",
    "warned_at",
    "notified_at",
    "state",
    "same_address_count",
    "complainant_name",
)


class CareDisturbanceReport(models.TransientModel):
    """Asks for a landlord and a period, and tells the landlord what happened at its addresses."""

    _name = "care.disturbance.report"
    _description = "Landlord Report"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        domain="[('kind', '=', 'on_call')]",
        default=lambda self: self.env["care.safety.walk"]._default_unit_id(),
    )
    landlord_ids = fields.Many2many("res.partner", string="Landlords", compute="_compute_landlord_ids")
    landlord_id = fields.Many2one(
        "res.partner",
        required=True,
        domain="[('id', 'in', landlord_ids)]",
        check_company=True,
        default=lambda self: self._only_landlord(),
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._first_of_last_month())
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: self._first_of_last_month() + relativedelta(months=1, days=-1),
    )
    case_count = fields.Integer("Cases", compute="_compute_case_count")

    _period_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day comes before the first. Change one of the two dates."
    )

    @api.model
    def _first_of_last_month(self):
        return fields.Date.context_today(self) + relativedelta(months=-1, day=1)

    @api.model
    def _only_landlord(self):
        landlords = self.env["care.area"].search([("company_id", "=", self.env.company.id)]).landlord_id
        return landlords if len(landlords) == 1 else False

    @api.depends("company_id")
    def _compute_landlord_ids(self):
        for report in self:
            areas = self.env["care.area"].search([("company_id", "=", report.company_id.id)])
            report.landlord_ids = areas.landlord_id

    @api.depends("landlord_id", "unit_id", "date_from", "date_to", "company_id")
    def _compute_case_count(self):
        for report in self:
            report.case_count = self.env["care.disturbance"].search_count(report._domain_cases())

    def action_print(self):
        """The report as PDF; what is sent is kept."""
        return self._kept().action_pdf()

    def action_csv(self):
        """The same rows as the PDF, for a spreadsheet; what is sent is kept."""
        return self._kept().action_csv()

    def _kept(self):
        """The durable record of what leaves the house: no file of a report is made without it."""
        self.ensure_one()
        self._check_sender()
        cases = self._cases()
        rows = [self._row_labels(), *(self._row(case, iso=True) for case in cases)]
        vals = {
            "unit_id": self.unit_id.id,
            "landlord_id": self.landlord_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "case_ids": [Command.set(cases.ids)],
            "case_count": len(cases),
            "content": [dict(zip(REPORT_FIELDS, self._row(case), strict=True)) for case in cases],
        }
        return self.env["care.landlord.report"]._keep(vals, csv_bytes(rows))

    def _check_sender(self):
        """Only the on-call lead sends reports to a landlord."""
        self.check_access("read")
        if not self.env.user.has_group("social_care.group_oncall_lead"):
            raise AccessError(self.env._("Only the lead of the on-call team sends reports to a landlord."))

    def _cases(self):
        """The cases of the period that the sender may read."""
        self.ensure_one()
        return self.env["care.disturbance"].search(
            self._domain_cases(), order="area_id, address_key, received_at, id"
        )

    def _domain_cases(self):
        start, end = self._period_utc()
        return (
            Domain("area_id.landlord_id", "=", self.landlord_id.id or 0)
            & Domain("unit_id", "=", self.unit_id.id or 0)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("received_at", ">=", start)
            & Domain("received_at", "<", end)
        )

    def _period_utc(self):
        """From local midnight of the first day to the one after the last."""
        today = fields.Date.today()
        return limits(self.date_from or today, self.date_to or today, self.company_id.care_tz)

    def _row_labels(self):
        cases = self.env["care.disturbance"]
        return [cases._fields[name]._description_string(self.env) for name in REPORT_FIELDS]

    def _row(self, case, iso=False):
        """What the landlord learns of one case, as texts in the order of ``REPORT_FIELDS``."""
        return [self._value(case, name, iso) for name in REPORT_FIELDS]

    def _value(self, case, name, iso):
        value, field = case[name], case._fields[name]
        if name == "complainant_name" and not case.complainant_agreed:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "datetime":
            timezone = self.company_id.care_tz or "Europe/Stockholm"
            return format_datetime(
                self.env, value, tz=timezone, dt_format="yyyy-MM-dd HH:mm" if iso else "short"
            )
        if field.type == "date":
            return (fields.Date.to_string(value) if iso else format_date(self.env, value)) if value else ""
        return str(value or "")
