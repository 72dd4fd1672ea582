from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareVisitAccess(VisitCase, TransactionCase):
    """Visits, choices and contact persons: staff of the unit, managers of it, nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls._plan()
        cls._line(plan)
        cls.plan = cls._active(plan)
        cls.today_visit = cls._visit(cls.plan)
        cls.done_visit = cls._visit(cls.plan, -1)
        cls.done_visit.write({"employee_id": cls.staff.id})
        cls.done_visit.action_done()
        cls.choice = cls._choice(cls.staff, state="wished")
        cls.contact = cls._contact_person(cls.astrid, cls.north, cls.north_colleague)
        cls.env.flush_all()
        cls.report = cls.env["care.visit.report"].browse(cls.done_visit.id)
        cls.records = [cls.today_visit, cls.report, cls.choice, cls.contact]

    def test_staff_and_managers_of_the_unit_read(self):
        for user in (self.north_staff, self.north_manager):
            for record in self.records:
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(self._as(user, record).read(["client_id"]))
                    self.assertIn(record.id, self._as(user, self.env[record._name]).search([]).ids)

    def test_nobody_else_reads(self):
        others = [
            self.south_staff, self.south_manager, self.oncall_staff, self.oncall_lead,
            self.supporter, self.privacy_officer, self.care_admin,
        ]  # fmt: skip
        for user in others:
            for record in self.records:
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        self._as(user, record).read(["client_id"])
                    model = self._as(user, self.env[record._name])
                    if model.has_access("read"):
                        self.assertNotIn(record.id, model.search([]).ids)
                        self.assertFalse(
                            model._read_group([("client_id", "=", self.astrid.id)], ["client_id"])
                        )

    def test_a_stay_that_ended_long_ago_closes_the_visits(self):
        self.stay_astrid.date_to = self._day(-20)
        self.assertNotIn(self.done_visit.id, self._as(self.north_staff, self.visits).search([]).ids)
        self.assertIn(self.done_visit.id, self._as(self.north_manager, self.visits).search([]).ids)

    def test_a_protected_persons_visits_are_for_those_named(self):
        self.astrid.protection_level = "marked"
        for record in (self.today_visit, self.report, self.choice):
            with self.subTest(model=record._name):
                with self.assertRaises(AccessError):
                    self._as(self.north_staff, record).read(["client_id"])
                self.assertTrue(
                    self._as(self.north_colleague, record).read(["client_id"]), "the contact person"
                )

    def test_who_is_locked_out_sees_none_of_it(self):
        self._as(self.privacy_officer, self.env["care.client.lockout"]).create(
            {"client_key": self.astrid.reference, "user_id": self.north_manager.id, "reason": "Släkt"}
        )
        for record in self.records:
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                self._as(self.north_manager, record).read(["client_id"])

    def test_other_units_report_nothing(self):
        for user in (self.south_staff, self.south_manager, self.oncall_staff):
            for method, args in [
                ("action_done", []),
                ("action_not_done", ["away"]),
                ("action_own_level", ["alone"]),
                ("action_undo", []),
                ("action_cancel", []),
            ]:
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(self._as(user, self.today_visit), method)(*args)

    def test_nobody_types_in_or_deletes_a_visit(self):
        values = self.today_visit.read(
            ["client_id", "unit_id", "plan_id", "line_id", "date", "start", "stop"]
        )[0]
        for user in (self.north_staff, self.north_manager):
            with self.assertRaisesRegex(UserError, "Visits come from the active plan"):
                self._as(user, self.visits).create({**values, "first_line_id": 1})
            with self.assertRaises(AccessError):
                self._as(user, self.today_visit).unlink()

    def test_only_a_manager_calls_off(self):
        with self.assertRaises(AccessError):
            self._as(self.north_staff, self.today_visit).action_cancel()
        self._as(self.north_manager, self.today_visit).action_cancel()
        self.assertEqual(self.today_visit.state, "cancelled")

    def test_only_a_manager_of_the_unit_decides_on_a_wish(self):
        """The group says what, the membership says where."""
        south = self._as(self.south_manager, self.choice)
        staff = self._as(self.north_staff, self.choice)
        self._member(self.north, self.south_manager, "staff")
        for decide in (
            staff.action_accept,
            lambda: staff.action_decline("Nej"),
            south.action_accept,
            lambda: south.action_decline("Nej"),
        ):
            with self.assertRaises(AccessError):
                decide()
        self.assertEqual(self.choice.state, "wished")
        self._as(self.north_manager, self.choice).action_decline("Bilal byter enhet")
        self.assertEqual(self.choice.state, "declined")

    def test_only_a_manager_of_the_unit_changes_the_contact_person(self):
        self._member(self.north, self.south_manager, "staff")
        for user in (self.north_staff, self.north_colleague, self.south_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._as(user, self.env["care.contact.person"])._change(
                        self.astrid, self.north, self.staff, self._day(1)
                    )
                with self.assertRaises(AccessError):
                    self._as(user, self.contact).write({"date_to": self._day(1)})
                with self.assertRaises(AccessError):
                    self._as(user, self.env["care.contact.person.change"]).create(
                        {"client_id": self.astrid.id, "unit_id": self.north.id, "employee_id": self.staff.id}
                    ).action_change()
        self.assertFalse(self.contact.date_to)

    def test_reports_by_address_obey_the_wall(self):
        for name, record in [
            ("care_plan_week_report", self.plan),
            ("care_contact_person_report", self.contact),
        ]:
            for user in (self.south_staff, self.oncall_staff, self.care_admin, self.privacy_officer):
                with self.subTest(report=name, user=user.login), self.assertRaises(AccessError):
                    self._as(user, self.env["ir.actions.report"])._render_qweb_html(
                        f"social_care.{name}", record.ids
                    )
            html = self._as(self.north_staff, self.env["ir.actions.report"])._render_qweb_html(
                f"social_care.{name}", record.ids
            )[0]
            self.assertTrue(html)

    def _queries(self, spec, limit, order):
        visits = self._as(self.north_staff, self.visits)
        visits.has_access("read")
        before = self.env.cr.sql_log_count
        result = visits.web_search_read([("client_id", "!=", False)], spec, limit=limit, order=order)
        return len(result["records"]), self.env.cr.sql_log_count - before

    def assertConstantQueries(self, spec, order=None):
        self._queries(spec, 2, order)
        few, many = self._queries(spec, 2, order), self._queries(spec, 80, order)
        self.assertGreater(many[0], few[0])
        self.assertLessEqual(many[1], few[1])
        self.assertLess(many[1], 20)

    def _spec(self, view_type):
        """What the browser asks for: the fields of the view, persons with their names."""
        view = self._as(self.north_staff, self.visits).get_view(view_type=view_type)
        names = view["models"]["care.visit"]
        many2one = {name for name in names if self.visits._fields[name].type == "many2one"}
        return {name: {"fields": {"display_name": {}}} if name in many2one else {} for name in names}

    def test_my_day_asks_the_same_number_of_times_for_many(self):
        self.assertConstantQueries(self._spec("kanban"), "mine desc, start, id")

    def test_the_list_of_visits_asks_the_same_number_of_times_for_many(self):
        self.assertConstantQueries(self._spec("list"))

    def test_my_own_come_first(self):
        """Sorted by the database, although it is another order for each reader."""
        self.env.cr.execute(
            "UPDATE care_visit SET planned_employee_id = %s WHERE id = %s",
            (self.colleague.id, self.today_visit.id),
        )
        ahead = self.visits.search([("plan_id", "=", self.plan.id)])
        domain = [("id", "in", ahead.ids)]
        for user, first in [(self.north_colleague, self.today_visit), (self.north_staff, self.done_visit)]:
            found = self._as(user, self.visits).search(domain, order="mine desc, start, id")
            self.assertEqual(found[0].id, first.id, user.login)
        mine = self._as(self.north_colleague, self.visits).search([*domain, ("mine", "=", True)])
        self.assertEqual(mine.ids, self.today_visit.ids)
