import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import access_log_table

_logger = logging.getLogger(__name__)


class CareAccessLog(models.Model):
    _inherit = "care.access.log"

    @api.model
    def _cron_months(self, after_batch=None):
        """Make the months to come, and drop those whose time has passed; that is logged too."""
        for months in range(4):
            self._make_month_of(fields.Datetime.now() + relativedelta(months=months))
        last = self.env["care.access.log.seal"].search([], limit=1)
        for name, start, end in list(self._months_before(self._keep_from())):
            if not last or last.date_to < end:
                _logger.warning("%s is not dropped: it is not sealed yet", name)
                break
            self._drop_month(name, start, end)
            (after_batch or self.env["ir.cron"]._commit_progress)(1)

    @api.model
    def _keep_from(self):
        # sudo: users read no settings; how many months of the log are kept is all that is read
        months = self.env["ir.config_parameter"].sudo().get_param("social_care.access_log_months")
        kept = max(int(months or access_log_table.MONTHS_KEPT), access_log_table.LEAST_MONTHS)
        return fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0) - relativedelta(months=kept)

    @api.model
    def _months_before(self, day):
        """``(table, start, end)`` of each month that ends by ``day``, the oldest first."""
        self.env.cr.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
            " WHERE inhparent = 'care_access_log'::regclass ORDER BY relname"
        )
        for (name,) in self.env.cr.fetchall():
            year, month = name.split("_")[-2:]
            start = fields.Datetime.to_datetime(f"{year}-{month}-01 00:00:00")
            end = start + relativedelta(months=1)
            if end <= day:
                yield name, start, end

    @api.model
    def _drop_month(self, name, start, end):
        """All companies' lines of one month. Waits for no reader for long: tomorrow is another night."""
        self.env.cr.execute(
            SQL(
                "SELECT company_id, count(*) FROM care_access_log WHERE date >= %s AND date < %s GROUP BY 1",
                start,
                end,
            )
        )
        counts = dict(self.env.cr.fetchall())
        self.env.cr.execute("SET LOCAL lock_timeout = '5s'")
        self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
        seals = self.env["care.access.log.seal"].search([("date_from", ">=", start), ("date_to", "<=", end)])
        seals.write({"dropped_at": fields.Datetime.now()})
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._note_line(
                self._name,
                "unlink",
                company_id=company.id,
                reason=f"{start:%Y-%m}: {counts.get(company.id, 0)}",
            )
