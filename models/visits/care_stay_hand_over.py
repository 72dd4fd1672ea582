from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = ("protected", "primary", "deputy", "choice", "line", "visit", "reminder")


class CareStay(models.Model):
    """What somebody who has left the unit held for the client, or who waits to be confirmed, and nobody holds now.

    It follows from contact persons, choices, plans and visits; a manager settles it there, or says that it is
    handed over. Each stay carries what is its client's and its unit's, so it is open to whom the stay is open.
    """

    _inherit = "care.stay"

    to_hand_over = fields.Boolean(
        "Something to Hand Over", compute="_compute_hand_over_text", search="_search_to_hand_over"
    )
    hand_over_text = fields.Text("To Hand Over", compute="_compute_hand_over_text", exportable=False)

    @api.depends_context("uid", "lang")
    @api.depends("client_id", "unit_id")
    def _compute_hand_over_text(self):
        places, found = self.filtered(lambda stay: stay.state == "active"), {}
        for client_id, unit_id, *row in places._rows_to_hand_over():
            found.setdefault((client_id, unit_id), []).append(row)
        rows = [row for rows in found.values() for row in rows]
        # sudo: care staff read no employees; the names of colleagues who have left come back
        self.env["hr.employee"].sudo().browse({row[1] for row in rows if row[1]}).fetch(["name"])
        self.env["care.task.type"].browse({row[2] for row in rows if row[2]}).fetch(["name"])
        for stay in self:
            rows = found.get((stay.client_id.id, stay.unit_id.id), []) if stay in places else []
            stay.to_hand_over = bool(rows)
            stay.hand_over_text = "\n".join(stay._hand_over_line(*row) for row in rows)

    def _rows_to_hand_over(self):
        if not self.ids:
            return []
        clients, units = self.client_id.ids, self.unit_id.ids
        return self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) h ORDER BY array_position(%s, kind::text), employee_id, task_type_id",
                self._sql_to_hand_over(units, clients),
                list(KINDS),
            )
        )

    def _hand_over_line(self, kind, employee_id, task_type_id, how, count, first_day):
        # sudo: as above, the colleague's name
        who = self.env["hr.employee"].sudo().browse(employee_id).name
        task = self.env["care.task.type"].browse(task_type_id).name
        texts = {
            "protected": self.env._("Nobody is named for this protected person. Contact person was %s", who),
            "primary": self.env._("Contact person was %s", who),
            "deputy": self.env._("Deputy was %s", who),
            "choice": self.env._("The client had chosen %(person)s: %(task)s", person=who, task=task),
            "line": self.env._("The plan names %s", who),
            "visit": self.env._(
                "Visits without anybody: %(count)s, the first on %(date)s", count=count, date=first_day
            ),
            "reminder": self.env._("Reminders of %(person)s: %(count)s", person=who, count=count),
        }
        how_texts = {
            "back": self.env._("is a member again"),
            "waiting": self.env._("the membership waits to be confirmed, or begins later"),
            "left": self.env._("works in the unit no more"),
        }
        return " · ".join(filter(None, [texts[kind], how_texts.get(how)]))

    @api.model
    def _search_to_hand_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain("state", "=", "active") & Domain.custom(
            to_sql=lambda model, alias, query: model._to_hand_over_to_sql(alias)
        )
        return Domain.OR(wanted if yes else ~wanted for yes in value)

    def _to_hand_over_to_sql(self, alias):
        """Looked up in the reader's units alone: elsewhere nothing is open."""
        units = None if self.env.su else list(self._wall_held("unit"))
        return SQL(
            "(%s, %s) IN (SELECT h.client_id, h.unit_id FROM (%s) h)",
            self._field_to_sql(alias, "client_id"),
            self._field_to_sql(alias, "unit_id"),
            self._sql_to_hand_over(units),
        )

    def action_handed_over(self):
        """A manager has seen to what ended with a membership; what still lacks somebody stays."""
        self.check_access("write")
        if not self.env.su:
            self.env["care.unit.member"]._check_manages(self.unit_id)
        open_ = Domain("left_unit", "=", "open") & Domain.OR(
            Domain("client_id", "=", stay.client_id.id) & Domain("unit_id", "=", stay.unit_id.id)
            for stay in self
        )
        for name in ("care.contact.person", "care.staff.choice"):
            self.env[name].search(open_)._write_decided({"left_unit": "done"})
        self.unit_id._tell_to_hand_over()

    def action_open_client(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.client",
            "res_id": self.client_id.id,
            "views": [(False, "form")],
        }

    def action_choose_contact_person(self):
        """Ask who becomes the contact person."""
        self.ensure_one()
        return self.env["care.contact.person"]._action_change(self.client_id, self.unit_id)

    # ------------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------------

    @api.model
    def _sql_to_hand_over(self, unit_ids=None, client_ids=None):
        """Rows ``(client_id, unit_id, kind, employee_id, task_type_id, how, count, first_day)``.

        ``how`` it stands with the person now: ``left``, ``waiting`` to be confirmed or to begin, or ``back``.
        """
        self.env.flush_all()
        parts = (self._sql_contacts_left, self._sql_choices_left, self._sql_lines_left, self._sql_visits_open)
        whose = SQL(
            "%s AND %s",
            SQL("TRUE") if unit_ids is None else SQL("a.unit_id = ANY(%s)", list(unit_ids)),
            SQL("TRUE") if client_ids is None else SQL("a.client_id = ANY(%s)", list(client_ids)),
        )
        return SQL(" UNION ALL ").join([part(whose) for part in parts] + self._sql_reminders_left(whose))

    @api.model
    def _sql_works_today(self, employee):
        """Rows of ``a`` of the company ``c``."""
        members = self.env["care.unit.member"]
        return members._sql_works_on(SQL("a.unit_id"), employee, self.env["care.visit"]._sql_today())

    @api.model
    def _sql_belongs_today(self, employee):
        members = self.env["care.unit.member"]
        return members._sql_belongs(SQL("a.unit_id"), employee, self.env["care.visit"]._sql_today())

    @api.model
    def _sql_how(self, employee):
        return SQL(
            "CASE WHEN %s THEN 'back' WHEN %s THEN 'waiting' ELSE 'left' END",
            self._sql_works_today(employee),
            self._sql_belongs_today(employee),
        )

    @api.model
    def _sql_in_force(self, alias):
        """In force on this day of the company ``c``."""
        table, today = SQL.identifier(alias), self.env["care.visit"]._sql_today()
        return SQL(
            "%s.date_from <= %s AND (%s.date_to IS NULL OR %s.date_to >= %s)",
            table,
            today,
            table,
            table,
            today,
        )

    @api.model
    def _sql_contacts_left(self, whose):
        """Until somebody else who works there is, or becomes, the same for the client."""
        employee, today = SQL("a.employee_id"), self.env["care.visit"]._sql_today()
        another = SQL(
            "SELECT 1 FROM care_contact_person b WHERE b.client_id = a.client_id AND b.unit_id = a.unit_id AND b.id <> a.id"
            " AND b.mistake_reason IS NULL AND (b.date_to IS NULL OR b.date_to >= %s) AND %s",
            today,
            self.env["care.unit.member"]._sql_works_on(
                SQL("a.unit_id"), SQL("b.employee_id"), SQL("GREATEST(b.date_from, %s)", today)
            ),
        )
        return SQL(
            "SELECT a.client_id, a.unit_id, CASE WHEN k.protection_level <> 'none' AND NOT EXISTS (%(another)s)"
            " THEN 'protected' ELSE a.role END AS kind, a.employee_id, NULL::int4 AS task_type_id, %(how)s AS how,"
            " 1 AS count, a.date_to AS first_day FROM care_contact_person a JOIN care_client k ON k.id = a.client_id"
            " JOIN res_company c ON c.id = a.company_id WHERE %(whose)s AND a.mistake_reason IS NULL"
            " AND (a.left_unit = 'open' OR (%(in_force)s AND NOT %(works)s))"
            " AND NOT EXISTS (%(another)s AND b.role = a.role)",
            another=another,
            how=self._sql_how(employee),
            whose=whose,
            in_force=self._sql_in_force("a"),
            works=self._sql_works_today(employee),
        )

    @api.model
    def _sql_choices_left(self, whose):
        """Until the client has been asked anew about the kind of task."""
        employee = SQL("a.employee_id")
        return SQL(
            "SELECT a.client_id, a.unit_id, 'choice', a.employee_id, a.task_type_id, %(how)s, 1, a.date_to"
            " FROM care_staff_choice a JOIN res_company c ON c.id = a.company_id WHERE %(whose)s"
            " AND (a.left_unit = 'open' OR (a.state = 'accepted' AND %(in_force)s AND NOT %(works)s))"
            " AND NOT EXISTS (SELECT 1 FROM care_staff_choice b WHERE b.client_id = a.client_id AND b.unit_id = a.unit_id"
            "  AND b.task_type_id = a.task_type_id AND b.id > a.id AND b.date_from >= a.date_to"
            "  AND (b.not_wanted OR b.state IN ('wished', 'accepted')))",
            how=self._sql_how(employee),
            whose=whose,
            in_force=self._sql_in_force("a"),
            works=self._sql_works_today(employee),
        )

    @api.model
    def _sql_lines_left(self, whose):
        """A plan that is signed is not rewritten: the next version names somebody else."""
        return SQL(
            "SELECT DISTINCT a.client_id, a.unit_id, 'line', a.performer_id, NULL::int4, 'left', 1, NULL::date"
            " FROM care_plan_line a JOIN care_plan p ON p.id = a.plan_id AND p.state IN ('draft', 'proposed', 'active')"
            " JOIN res_company c ON c.id = a.company_id WHERE %s AND a.responsible IN ('chosen', 'unit')"
            " AND a.performer_id IS NOT NULL AND NOT %s",
            whose,
            self._sql_belongs_today(SQL("a.performer_id")),
        )

    @api.model
    def _sql_visits_open(self, whose):
        """Somebody was to come, and nobody does: of those whom the plan or the client names all have left or are away."""
        return SQL(
            "SELECT a.client_id, a.unit_id, 'visit', NULL::int4, NULL::int4, NULL, count(*)::int4, min(a.date)"
            " FROM care_visit a JOIN care_plan_line l ON l.id = a.line_id JOIN res_company c ON c.id = a.company_id"
            " WHERE %s AND a.state = 'planned' AND a.date >= %s AND a.start > %s AND a.planned_employee_id IS NULL"
            " AND (a.wished_employee_id IS NOT NULL OR (l.responsible = 'contact_person' AND EXISTS ("
            "   SELECT 1 FROM care_contact_person b WHERE b.client_id = a.client_id AND b.unit_id = a.unit_id"
            "   AND (b.left_unit = 'open' OR (b.date_from <= a.date AND (b.date_to IS NULL OR b.date_to >= a.date)))))"
            "  OR (l.responsible = 'chosen' AND EXISTS (SELECT 1 FROM care_staff_choice b WHERE b.left_unit = 'open'"
            "   AND b.client_id = a.client_id AND b.unit_id = a.unit_id AND b.task_type_id = a.task_type_id)))"
            " GROUP BY a.client_id, a.unit_id",
            whose,
            self.env["care.visit"]._sql_today(),
            fields.Datetime.now(),
        )

    @api.model
    def _sql_reminders_left(self, whose):
        """What somebody has planned for a colleague; the app's own reminders find the next in charge by themselves."""
        return [
            SQL(
                "SELECT a.client_id, a.unit_id, 'reminder', w.employee_id, NULL::int4, 'left', count(*)::int4,"
                " min(t.date_deadline) FROM mail_activity t JOIN %s a ON a.id = t.res_id"
                " JOIN res_company c ON c.id = a.company_id"
                " JOIN (SELECT DISTINCT unit_id, user_id, employee_id FROM care_unit_member) w"
                "  ON w.unit_id = a.unit_id AND w.user_id = t.user_id"
                " WHERE %s AND t.res_model = %s AND t.active AND t.automated IS NOT TRUE AND NOT %s"
                " GROUP BY a.client_id, a.unit_id, w.employee_id",
                SQL.identifier(self.env[name]._table),
                whose,
                name,
                self._sql_belongs_today(SQL("w.employee_id")),
            )
            for name in self._models_reminding()
        ]

    @api.model
    def _models_reminding(self):
        """Those with activities, behind the wall, of one client and unit."""
        return [
            name
            for name, model in sorted(self.env.registry.items())
            if issubclass(model, self.env.registry["care.activity.mixin"])
            and getattr(model, "_wall", None) == "file"
            and model._auto
            and all(getattr(model._fields.get(f), "store", False) for f in ("client_id", "unit_id"))
        ]
