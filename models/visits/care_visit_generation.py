from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .care_plan_line import DAY_PART_HOURS

PLANS_PER_BATCH = 100
SQL_DAY_PART_HOUR = SQL(
    "CASE l.day_part %s ELSE 8 END",
    SQL(" ").join(SQL("WHEN %s THEN %s", *part) for part in DAY_PART_HOURS.items()),
)


class CareVisit(models.Model):
    """What the active plan says becomes dated visits: one statement per batch of plans, inside the database.

    The clock on the wall decides: a visit at 08:00 is at 08:00 before and after the clocks change. An
    hour that does not exist that night comes an hour later; one that exists twice is the second.
    """

    _inherit = "care.visit"

    @api.model
    def _cron_generate(self):
        """Visits as far ahead as the company plans. Running it again changes nothing."""
        batches = self.env["ir.cron"]._care_batches
        if not self.env["care.unit.member"]._cron_end_roles():
            return  # the time is up; the next run goes on
        self._remove_obsolete()
        if batches(self._plans_to_correct(), self._correct, PLANS_PER_BATCH) and batches(
            self._plans_to_generate(), self._generate, PLANS_PER_BATCH
        ):
            self.env["care.unit"]._cron_tell_to_hand_over()

    @api.model
    def _plans_to_generate(self):
        """Active plans whose visits do not reach as far ahead as the company plans."""
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM care_plan p JOIN res_company c ON c.id = p.company_id"
                " WHERE p.state = 'active'"
                " AND (p.visits_until IS NULL OR p.visits_until < %s) ORDER BY p.id",
                self._sql_horizon(),
            )
        )
        return [plan_id for (plan_id,) in rows]

    @api.model
    def _refresh(self, domain):
        """Let what is planned from now on follow a change in plans, choices, contact persons or stays.

        :param Domain domain: which active plans
        """
        self.env.flush_all()
        # sudo: whoever changes the plan need not be able to write the visits of every day
        plans_sudo = self.env["care.plan"].sudo().search(domain)
        self._remove_obsolete(plans_sudo.ids)
        self._generate(plans_sudo.filtered(lambda plan: plan.state == "active").ids, again=True)

    @api.model
    def _plans_to_correct(self):
        """Plans with a visit for which somebody is planned who does not come: has been granted time off since, or
        does not work in the unit that day.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT v.plan_id FROM care_visit v WHERE v.state = 'planned' AND v.start > %s"
                " AND v.planned_employee_id IS NOT NULL AND (%s OR NOT %s) ORDER BY v.plan_id",
                fields.Datetime.now(),
                self._sql_away(SQL("v.planned_employee_id"), SQL("v.start")),
                self._sql_works(SQL("v.unit_id"), SQL("v.planned_employee_id"), SQL("v.date")),
            )
        )
        return [plan_id for (plan_id,) in rows]

    @api.model
    def _correct(self, plan_ids):
        """The next in order comes, or the chosen one comes after all."""
        return self._generate(plan_ids, again=True)

    @api.model
    def _follow_people(self, employee_ids):
        """At once, where somebody goes away, leaves, or comes back."""
        for batch in split_every(PLANS_PER_BATCH, self._plans_of_people(employee_ids)):
            self.env["ir.cron"]._care_try(list(batch), self._correct)

    @api.model
    def _plans_of_people(self, employee_ids):
        """Active plans whose visits one of the persons may make: contact person, chosen, or named in a line."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "WITH place AS (SELECT client_id, unit_id FROM care_contact_person WHERE employee_id = ANY(%(ids)s)"
                " UNION SELECT client_id, unit_id FROM care_staff_choice WHERE employee_id = ANY(%(ids)s)"
                "  AND state = 'accepted'"
                " UNION SELECT client_id, unit_id FROM care_plan_line WHERE performer_id = ANY(%(ids)s))"
                " SELECT p.id FROM care_plan p JOIN place USING (client_id, unit_id) WHERE p.state = 'active' ORDER BY p.id",
                ids=list(employee_ids),
            )
        )
        return [plan_id for (plan_id,) in rows]

    @api.model
    def _remove_obsolete(self, plan_ids=None):
        """Take away what is still only planned, and no active plan or stay says any more."""
        self.env.flush_all()
        scope = SQL("v.plan_id = ANY(%s)", list(plan_ids)) if plan_ids is not None else SQL("TRUE")
        self.env.cr.execute(
            SQL(
                "DELETE FROM care_visit v USING care_plan p, care_unit u, res_company c, care_visit t"
                " LEFT JOIN care_task_type k ON k.id = t.task_type_id"
                " WHERE v.state = 'planned' AND v.start > %s AND %s"
                " AND p.id = v.plan_id AND u.id = v.unit_id AND c.id = v.company_id AND t.id = v.id"
                " AND (p.state <> 'active' OR NOT EXISTS (%s) OR (%s AND %s))",
                fields.Datetime.now(),
                scope,
                self._sql_stay(SQL("v.date")),
                self._sql_off_on_holidays(),
                self._sql_holiday(),
            )
        )
        self.invalidate_model()

    @api.model
    def _generate(self, plan_ids, again=False):
        """Write the visits of active plans.

        :param list plan_ids: ids of ``care.plan``
        :param bool again: look at days that have their visits too, and correct those still planned
        :return: how many visits were written
        """
        if not plan_ids:
            return 0
        self.env.flush_all()
        written = self.env.cr
        written.execute(self._sql_insert(list(plan_ids), again))
        count = written.rowcount
        written.execute(
            SQL(
                "UPDATE care_plan p SET visits_until = %s"
                " FROM res_company c WHERE c.id = p.company_id AND p.id = ANY(%s)",
                self._sql_horizon(),
                list(plan_ids),
            )
        )
        self.invalidate_model()
        self.env["care.plan"].invalidate_model(["visits_until"])
        return count

    @api.model
    def _sql_today(self):
        """The date in the company's own time zone, ``c`` being the company."""
        return SQL("(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE c.care_tz)::date", fields.Datetime.now())

    @api.model
    def _sql_horizon(self):
        """The last day on which visits are laid out, ``c`` being the company."""
        days = self.env["care.rule"]._sql_value("visit_horizon", SQL.identifier("c", "id"))
        return SQL("%s + %s", self._sql_today(), days)

    @api.model
    def _sql_insert(self, plan_ids, again):
        if again:
            conflict = SQL(
                "DO UPDATE SET plan_id = EXCLUDED.plan_id, line_id = EXCLUDED.line_id,"
                " task_type_id = EXCLUDED.task_type_id, start = EXCLUDED.start, stop = EXCLUDED.stop,"
                " has_hour = EXCLUDED.has_hour, day_part = EXCLUDED.day_part,"
                " wished_employee_id = EXCLUDED.wished_employee_id,"
                " planned_employee_id = EXCLUDED.planned_employee_id"
                " WHERE care_visit.state = 'planned' AND care_visit.start > %s",
                fields.Datetime.now(),
            )
        else:
            conflict = SQL("DO NOTHING")
        return SQL(
            "%s INSERT INTO care_visit (client_id, unit_id, company_id, plan_id, line_id, first_line_id, task_type_id,"
            " date, start, stop, has_hour, day_part, wished_employee_id, planned_employee_id, state,"
            " create_uid, create_date, write_uid, write_date) %s ON CONFLICT (first_line_id, date) %s",
            self._sql_first_lines(plan_ids),
            self._sql_visits(plan_ids, again),
            conflict,
        )

    @api.model
    def _sql_first_lines(self, plan_ids):
        """``root(line_id, id)``: each line and the first version of it."""
        return SQL(
            "WITH RECURSIVE up(line_id, id, previous_id) AS ("
            " SELECT id, id, previous_id FROM care_plan_line WHERE plan_id = ANY(%s)"
            " UNION ALL SELECT up.line_id, l.id, l.previous_id FROM up JOIN care_plan_line l ON l.id = up.previous_id"
            "), root AS (SELECT line_id, id FROM up WHERE previous_id IS NULL)",
            plan_ids,
        )

    @api.model
    def _sql_visits(self, plan_ids, again):
        """One row per line and day on which it is due; the days that are done already are left out."""
        return SQL(
            "SELECT l.client_id, l.unit_id, p.company_id, p.id, l.id, root.id, l.task_type_id,"
            " d.day, t.start, t.start + make_interval(mins => t.minutes), l.time_from > 0, l.day_part,"
            " who.wished, who.planned, 'planned', %(uid)s, %(now)s, %(uid)s, %(now)s"
            " FROM care_plan p JOIN res_company c ON c.id = p.company_id JOIN care_unit u ON u.id = p.unit_id"
            " JOIN care_plan_line l ON l.plan_id = p.id JOIN root ON root.line_id = l.id"
            " LEFT JOIN care_task_type k ON k.id = l.task_type_id"
            " CROSS JOIN LATERAL (SELECT g::date AS day FROM generate_series(%(first)s, %(last)s, interval '1 day') g) d"
            " CROSS JOIN LATERAL (SELECT"
            "  (d.day + make_interval(mins => %(minutes)s)) AT TIME ZONE c.care_tz AT TIME ZONE 'UTC' AS start,"
            "  GREATEST(ROUND(COALESCE(l.duration, 0) * 60), 15)::int AS minutes) t"
            " CROSS JOIN LATERAL (%(who)s) who"
            " WHERE p.id = ANY(%(ids)s) AND p.state = 'active' AND l.responsible IN ('chosen', 'contact_person', 'unit')"
            " AND (ARRAY[l.monday, l.tuesday, l.wednesday, l.thursday, l.friday, l.saturday, l.sunday])"
            "  [EXTRACT(isodow FROM d.day)::int]"
            " AND t.start > %(now)s AND (p.date_from IS NULL OR d.day >= p.date_from)"
            " AND EXISTS (%(stay)s) AND NOT (%(off)s AND %(holiday)s)",
            uid=self.env.uid,
            now=fields.Datetime.now(),
            ids=plan_ids,
            first=self._sql_today() if again else SQL("GREATEST(p.visits_until + 1, %s)", self._sql_today()),
            last=self._sql_horizon(),
            minutes=SQL("ROUND(COALESCE(NULLIF(l.time_from, 0), %s)::numeric * 60)::int", SQL_DAY_PART_HOUR),
            who=self._sql_who(),
            stay=self._sql_stay(SQL("d.day")),
            off=self._sql_off_on_holidays(),
            holiday=self._sql_holiday(),
        )

    @api.model
    def _sql_who(self):
        """Those who may come in order: the client's choice, or the contact person before the deputy.

        ``wished`` is whom the client has chosen; ``planned`` the first of them who works in the unit that day and is
        not away.
        """
        return SQL(
            "SELECT CASE l.responsible WHEN 'chosen' THEN (array_agg(x.employee_id ORDER BY x.rank, x.id))[1] END AS wished,"
            " (array_agg(x.employee_id ORDER BY x.rank, x.id) FILTER (WHERE %s AND NOT %s))[1] AS planned FROM ("
            " SELECT w.employee_id, w.priority AS rank, w.id FROM care_staff_choice w"
            "  WHERE l.responsible = 'chosen' AND w.client_id = l.client_id AND w.unit_id = l.unit_id"
            "  AND w.task_type_id = l.task_type_id AND w.state = 'accepted'"
            "  AND w.date_from <= d.day AND (w.date_to IS NULL OR w.date_to >= d.day)"
            " UNION ALL SELECT l.performer_id, 2147483647, 0"
            "  WHERE l.responsible = 'chosen' AND l.performer_id IS NOT NULL"
            " UNION ALL SELECT b.employee_id, CASE b.role WHEN 'primary' THEN 0 ELSE 1 END, b.id"
            "  FROM care_contact_person b WHERE l.responsible = 'contact_person' AND b.mistake_reason IS NULL"
            "  AND b.client_id = l.client_id AND b.unit_id = l.unit_id"
            "  AND b.date_from <= d.day AND (b.date_to IS NULL OR b.date_to >= d.day)"
            ") x",
            self._sql_works(SQL("l.unit_id"), SQL("x.employee_id"), SQL("d.day")),
            self._sql_away(SQL("x.employee_id"), SQL("t.start")),
        )

    @api.model
    def _sql_works(self, unit, employee, day):
        return self.env["care.unit.member"]._sql_works_on(unit, employee, day)

    @api.model
    def _sql_away(self, employee, moment):
        """By Odoo's Time Off, or an administrator's word."""
        return SQL(
            "EXISTS (SELECT 1 FROM hr_employee e JOIN resource_calendar_leaves a ON a.resource_id = e.resource_id"
            " AND a.time_type = 'leave' AND a.care_from <= %s AND a.care_to > %s WHERE e.id = %s)",
            moment,
            moment,
            employee,
        )

    @api.model
    def _sql_stay(self, day):
        """The client of plan ``p`` stays in its unit on ``day``."""
        return SQL(
            "SELECT 1 FROM care_stay s WHERE s.client_id = p.client_id AND s.unit_id = p.unit_id"
            " AND s.date_from <= %s AND (s.date_to IS NULL OR s.date_to >= %s)",
            day,
            day,
        )

    @api.model
    def _sql_off_on_holidays(self):
        """The task type decides, or leaves it to the unit."""
        return SQL("COALESCE(NULLIF(k.on_holidays, 'unit'), u.on_holidays) = 'skip'")

    @api.model
    def _sql_holiday(self):
        """A closed day of the company, as Odoo keeps public holidays: an absence of nobody in particular."""
        return SQL(
            "EXISTS (SELECT 1 FROM resource_calendar_leaves h WHERE h.resource_id IS NULL"
            " AND (h.company_id = c.id OR h.company_id IS NULL)"
            " AND (h.calendar_id IS NULL OR h.calendar_id = c.resource_calendar_id)"
            " AND h.care_from <= t.start AND h.care_to > t.start)"
        )
