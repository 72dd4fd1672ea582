from odoo.tests import HttpCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareKeptTour(CarePlanCase, HttpCase):
    """FIELD D1, D2: what is typed is kept, and nobody overwrites a colleague without being told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._member(cls.north, cls._user("colleague", "social_care.group_care_staff"))
        cls.plan = cls._plan(own_goals="Bo kvar")

    def _tour(self, name):
        self.start_tour(f"/odoo/plans/{self.plan.id}", name, login="north_staff")
        self.env.invalidate_all()

    def test_d1_a_page_that_dies(self):
        self._tour("care_kept_after_a_crash")
        self.assertEqual(self.plan.own_goals, "Bo i lugn och ro")
        self.assertEqual(self.plan.goal_ids.name, "Baka bullar")

    def test_what_follows_from_it_is_not_in_its_way(self):
        """The draft says what it lacks, by the goal's name: that changes with the goal, and nobody writes it."""
        self.plan = self._plan(own_goals="Bo kvar", lines=0)
        self._tour("care_kept_after_a_crash")
        self.assertEqual(self.plan.own_goals, "Bo i lugn och ro")
        self.assertEqual(self.plan.goal_ids.name, "Baka bullar")

    def test_a_record_that_is_not_made_yet(self):
        self.plan = self._active_plan(contact=self.anna)
        self._tour("care_kept_new")
        self.assertEqual(self.plan.review_ids.body, "Hon vill flytta")

    def test_d1_a_session_that_ends(self):
        self._tour("care_kept_without_a_session")
        self.assertEqual(self.plan.own_goals, "Bo i lugn och ro")

    def test_another_who_logs_in_while_the_server_is_gone(self):
        self._tour("care_kept_without_a_server")
        self.assertEqual((self.plan.own_goals, self.plan.write_uid), ("Bo i lugn och ro", self.anna))

    def test_d2_two_who_write(self):
        self._tour("care_seen_by_two")
        self.assertEqual(self.plan.own_goals, "Bo nära mamma")
