from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.midnight import midnight


class CarePeriod(models.AbstractModel):
    """A record that holds from one day to another, both included.

    Rules compare ``opens_at`` and ``closes_at`` (UTC) with the server's clock: a date compared with
    ``today`` would follow the time zone that an RPC caller chooses.
    """

    _name = "care.period"
    _description = "Period"
    _inherit = ["care.guarded"]

    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("To", help="The last day. Empty: until further notice.")
    # Required: a lockout whose beginning is unknown must not be a lockout that does not hold.
    opens_at = fields.Datetime(compute="_compute_period", store=True, precompute=True, required=True)
    closes_at = fields.Datetime(compute="_compute_period", store=True, precompute=True)

    _period_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day comes before the first. Change one of the two dates.",
    )

    @api.depends("date_from", "date_to", "company_id.care_tz")
    def _compute_period(self):
        for record in self:
            timezone = record.company_id.care_tz
            record.opens_at = record.date_from and midnight(record.date_from, timezone)
            last_day = record.date_to and record.date_to + timedelta(days=record._days_after_end())
            record.closes_at = last_day and midnight(last_day + timedelta(days=1), timezone)

    @api.model
    def _today(self):
        """The day it is where care is given, whatever time zone the caller sends."""
        return fields.Date.context_today(self.with_context(tz=self.env.company.care_tz))

    def _days_after_end(self):
        """How many days the record still opens something after its last day."""
        return 0

    @api.model
    def _domain_now(self):
        """Records whose time has come and is not over."""
        return Domain("opens_at", "<=", "now") & (
            Domain("closes_at", "=", False) | Domain("closes_at", ">", "now")
        )

    @api.model
    def _sql_now(self, alias):
        """``_domain_now`` for the rows of ``alias`` in a query of one's own."""
        table, now = SQL.identifier(alias), fields.Datetime.now()
        return SQL(
            "%s.opens_at <= %s AND (%s.closes_at IS NULL OR %s.closes_at > %s)",
            table,
            now,
            table,
            table,
            now,
            to_flush=[self._fields["opens_at"], self._fields["closes_at"]],
        )

    def _is_now(self):
        self.ensure_one()
        now = fields.Datetime.now()
        return bool(self.opens_at and self.opens_at <= now and (not self.closes_at or self.closes_at > now))

    # ------------------------------------------------------------------
    # Memberships, stays, lockouts and the like open and close
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env["care.closed"]._forget_opened()
        return super().create(vals_list)

    def write(self, vals):
        self.env["care.closed"]._forget_opened()
        return super().write(vals)

    def unlink(self):
        self.env["care.closed"]._forget_opened()
        return super().unlink()
