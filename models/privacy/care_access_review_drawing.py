import logging

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import mute_logger

from ...tools.midnight import midnight
from .care_access_review_line import SIGNS

_logger = logging.getLogger(__name__)

FLAGGED = 20  # with the most signs first
PLAIN = 10  # drawn among the rest
MASS = 50  # different files on one day
MONTHS_BACK = 6  # that are still drawn, should the job have stood still
NIGHT = (22, 6)  # local hours

# Each pair of reader and client of the unit in the month, with the signs. The log is asked once for a unit;
# whether somebody worked with the client is asked for each line at its own moment, by indexes.
DRAW = """
WITH held AS (
    SELECT DISTINCT s.client_id FROM care_stay s
     WHERE s.unit_id = %(unit)s AND s.opens_at < %(end)s AND (s.closes_at IS NULL OR s.closes_at > %(start)s)
    UNION SELECT c.id FROM care_client c WHERE c.intake_unit_id = %(unit)s
), read AS (
    SELECT l.id, l.user_id, l.client_id, l.date, l.emergency_id,
           l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s AS local
      FROM care_access_log l JOIN held h ON h.client_id = l.client_id
     WHERE l.date >= %(start)s AND l.date < %(end)s AND NOT l.refused AND l.user_id > 1
), crew AS (
    SELECT DISTINCT r.id FROM read r
      JOIN care_unit_member m ON m.user_id = r.user_id AND m.opens_at <= r.date
       AND (m.closes_at IS NULL OR m.closes_at > r.date)
      JOIN care_oncall_shift_crew w ON w.employee_id = m.employee_id
      JOIN care_oncall_shift h ON h.id = w.shift_id AND h.unit_id = m.unit_id
       AND h.date_start - interval '2 hours' <= r.date AND h.date_end + interval '2 hours' > r.date
), related AS (
    SELECT r.id FROM read r
     WHERE EXISTS (
        SELECT 1 FROM care_unit_member m JOIN care_stay s ON s.unit_id = m.unit_id
         WHERE m.user_id = r.user_id AND s.client_id = r.client_id
           AND m.opens_at <= r.date AND (m.closes_at IS NULL OR m.closes_at > r.date)
           AND (m.role = 'manager' OR (s.opens_at <= r.date AND (s.closes_at IS NULL OR s.closes_at > r.date))))
        OR EXISTS (
        SELECT 1 FROM care_unit_member m JOIN care_client c ON c.intake_unit_id = m.unit_id
         WHERE m.user_id = r.user_id AND c.id = r.client_id AND m.role = 'manager')
    UNION SELECT id FROM crew
), mass AS (
    SELECT l.user_id FROM care_access_log l
     WHERE l.date >= %(start)s AND l.date < %(end)s AND NOT l.refused
       AND l.user_id IN (SELECT user_id FROM read)
     GROUP BY l.user_id, date_trunc('day', l.date) HAVING count(DISTINCT l.client_id) >= %(mass)s
), pair AS (
    SELECT r.user_id, r.client_id, min(r.date) AS first_at, max(r.date) AS last_at, count(*) AS times,
           max(r.emergency_id) AS emergency_id,
           bool_or(r.emergency_id IS NULL AND r.id NOT IN (SELECT id FROM related)) AS no_relation,
           bool_or((extract(hour FROM r.local) >= %(night)s OR extract(hour FROM r.local) < %(morning)s)
                   AND r.id NOT IN (SELECT id FROM crew)) AS odd_hours
      FROM read r GROUP BY r.user_id, r.client_id
)
SELECT p.user_id, p.client_id, p.first_at, p.last_at, p.times, a.id AS emergency_id, p.no_relation, p.odd_hours,
       p.user_id IN (SELECT user_id FROM mass) AS mass_reading,
       EXISTS (
           SELECT 1 FROM hr_employee e WHERE e.user_id = p.user_id
              AND lower(substring(trim(e.name) FROM '[^ ]+$')) = lower(c.lastname)
       ) AS same_surname,
       COALESCE(EXISTS (
           SELECT 1 FROM hr_employee e JOIN hr_version v ON v.id = e.current_version_id
            WHERE e.user_id = p.user_id AND lower(trim(v.private_street)) = lower(trim(c.street))
              AND (v.private_zip IS NULL OR c.zip IS NULL OR replace(v.private_zip, ' ', '') = replace(c.zip, ' ', ''))
       ), FALSE) AS same_address,
       EXISTS (
           SELECT 1 FROM hr_employee e WHERE e.company_id = c.company_id AND lower(e.name) = lower(c.name)
       ) OR EXISTS (
           SELECT 1 FROM care_client_lockout k WHERE k.client_id = c.id AND k.origin = 'self'
       ) AS colleague
  FROM pair p
  JOIN care_client c ON c.id = p.client_id
  LEFT JOIN care_emergency_access a ON a.id = p.emergency_id
"""
# Every flagged pair up to a number, and some of the rest by chance; the chance is fixed by unit and month, so
# that drawing again would draw the same.
CHOOSE = """
SELECT *, count(*) OVER () AS pairs FROM (
    SELECT d.*, (%(signs)s) AS signs, row_number() OVER (
        PARTITION BY (%(signs)s) > 0 ORDER BY (%(signs)s) DESC, md5(d.user_id || '-' || d.client_id || %(seed)s)
    ) AS place, count(*) OVER () AS total
    FROM (%(draw)s) d
) x WHERE (signs > 0 AND place <= %(flagged)s) OR (signs = 0 AND place <= %(plain)s)
ORDER BY signs DESC, place
"""


class CareAccessReview(models.Model):
    """How the month's sample is drawn: one question to the database for each unit, however long its log."""

    _inherit = "care.access.review"

    @api.model
    def _cron_draw(self):
        self._draw_due(progress=None)
        open_ = self.search([("state", "=", "open")])
        self.env["ir.cron"]._care_batches(open_, lambda reviews: reviews._keep_reviewers_told(), 100)

    @api.model
    def _draw_due(self, progress=lambda *done, **left: 1):
        """Draw last month, and the months before it that a job which stood still has missed.

        :param progress: see ``_care_batches``
        """
        due = [(unit, month) for month in self._months_due() for unit in self._units_to_draw(month)]
        made = []
        self.env["ir.cron"]._care_batches(
            due, lambda batch: made.append(self._try_to_draw(*batch[0])), progress=progress
        )
        return self.union(*made)

    @api.model
    def _months_due(self):
        """The first days of the months that are over, the latest first: it is what one can still act upon."""
        this_month = self.env["care.unit.member"]._today().replace(day=1)
        return [this_month - relativedelta(months=number) for number in range(1, MONTHS_BACK + 1)]

    @api.model
    def _units_to_draw(self, month):
        """Units with files that were there then and have no review of the month, not even an empty one."""
        drawn = self.search([("month", "=", month)]).unit_id
        there = fields.Datetime.to_datetime(month + relativedelta(months=1))
        # sudo: the log of every unit is looked at, in whichever companies the job's user may be
        units_sudo = (
            self.env["care.unit"]
            .sudo()
            .search([("regime", "=", "assessed"), ("kind", "!=", "on_call"), ("create_date", "<", there)])
        )
        return units_sudo - drawn

    @api.model
    def _try_to_draw(self, unit, month):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return self._draw(unit, month)
        except UniqueViolation:
            _logger.info("The review of unit %s for %s was drawn meanwhile", unit.id, month)
        except Exception:
            _logger.exception("The review of unit %s for %s could not be drawn", unit.id, month)
        return self.browse()

    @api.model
    def _draw(self, unit, month):
        """The unit's review of the month. One that nobody's reading is in is done: it says that the job has looked."""
        rows = self._sample(unit, month)
        values = {
            "unit_id": unit.id,
            "month": month,
            "pairs": rows[0]["total"] if rows else 0,
            "due_date": self._review_due(unit.company_id),
        }
        if not rows:
            values |= {"state": "done", "done_at": fields.Datetime.now()}
        # sudo: reviews are drawn by the system, and nobody has the right to make one
        review_sudo = self.sudo().create(values)
        names = ("user_id", "client_id", "first_at", "last_at", "times", "emergency_id", *SIGNS)
        # sudo: nobody chooses what is in the sample
        self.env["care.access.review.line"].sudo().create(
            [{"review_id": review_sudo.id, **{name: row[name] for name in names}} for row in rows]
        )
        review_sudo._keep_reviewers_told()
        return review_sudo

    @api.model
    def _sample(self, unit, month):
        self.env.flush_all()
        timezone = unit.company_id.care_tz
        start, end = month, month + relativedelta(months=1)
        signs = " + ".join(f"COALESCE(d.{name}, FALSE)::int" for name in SIGNS)
        query = CHOOSE.replace("%(draw)s", DRAW).replace("%(signs)s", signs)
        self.env.cr.execute(  # pylint: disable=sql-injection  # both texts are ours
            query,
            {
                "unit": unit.id,
                "start": midnight(start, timezone),
                "end": midnight(end, timezone),
                "tz": timezone,
                "mass": MASS,
                "night": NIGHT[0],
                "morning": NIGHT[1],
                "seed": f"{unit.id}-{month}",
                "flagged": FLAGGED,
                "plain": PLAIN,
            },
        )
        return self.env.cr.dictfetchall()
