from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .test_care_safety_walk import WalkCase

MODELS = ["care.safety.walk", "care.safety.walk.point"]


@tagged("post_install", "-at_install")
class TestCareSafetyWalkAccess(WalkCase, TransactionCase):
    """On-call staff see and write the walks of their own team; nobody else sees one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walk = cls._walk(-1)
        cls.point = cls._point(cls.walk)
        cls.other_team = cls._unit("Nattpatrullen", kind="on_call")
        cls.other_staff = cls._user("other_oncall", "social_care.group_oncall_lead")
        cls._member(cls.other_team, cls.other_staff)

    def test_the_team_reads_and_writes(self):
        for user in (self.oncall_staff, self.oncall_lead):
            walk, point = self._as(user, self.walk), self._as(user, self.point)
            self.assertTrue(walk.read(["area_id", "route", "point_count"]))
            self.assertTrue(point.read(["place", "photo", "seen_count"]))
            walk.write({"route": user.login})
            point.write({"note": user.login})
            self._as(user, self.env["care.safety.walk"]).create({"area_id": self.area.id})
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, self._walk()).unlink()
        self._as(self.oncall_lead, self._walk()).unlink()

    def test_other_teams_and_roles_do_not(self):
        for user in (
            self.other_staff,
            self.north_staff,
            self.north_manager,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
            self.env.ref("base.user_admin"),
        ):
            for record in (self.walk, self.point):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    self._as(user, record).read(["display_name"])
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    self._as(user, record).write({})
        self.assertFalse(self._as(self.other_staff, self.env["care.safety.walk"]).search([]))
        self.assertFalse(self._as(self.other_staff, self.env["care.safety.walk.point"]).search([]))

    def test_verbs_check_access_themselves(self):
        for verb in (
            "action_open",
            "action_close",
            "action_new_point",
            "action_print_protocol",
            "action_reopen",
        ):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(self._as(self.other_staff, self.walk), verb)()
        for verb in ("action_decide", "action_done", "action_decline", "action_reopen", "action_next"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(self._as(self.other_staff, self.point), verb)()
        theirs = self._walk(unit_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self._as(self.other_staff, self.point).with_context(
                care_safety_walk_id=theirs.id
            ).action_seen_again()

    def test_nobody_writes_into_another_teams_walk(self):
        for model, vals in [
            ("care.safety.walk", {"area_id": self.area.id, "unit_id": self.oncall.id}),
            ("care.safety.walk.point", {"walk_id": self.walk.id, "category": "light", "place": "X"}),
        ]:
            with self.assertRaises(AccessError):
                self._as(self.other_staff, self.env[model]).create(vals)
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, self._walk()).write({"unit_id": self.other_team.id})

    def test_another_teams_points_neither_follow_nor_link(self):
        theirs = self._walk(unit_id=self.other_team.id)
        self.assertFalse(theirs.followed_point_ids)
        self.assertFalse(self._point(theirs).repeated_of_id)

    def test_the_protocol_is_checked_like_the_walk(self):
        self.walk.action_close()
        name = "social_care.care_safety_walk_report_document"
        for user in (self.other_staff, self.north_staff):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(name, self.walk.ids)

    def test_membership_opens_and_closes(self):
        member = self.oncall.member_ids.filtered(lambda m: m.user_id == self.oncall_staff)
        for start, end, seen in [(-10, -1, False), (-10, 0, True), (1, None, False)]:
            member.write({"date_from": self._day(start), "date_to": end is not None and self._day(end)})
            for model in MODELS:
                self.assertEqual(
                    bool(self._as(self.oncall_staff, self.env[model]).search([])), seen, (model, start)
                )

    def test_a_new_user_on_the_employee_opens_nothing(self):
        thief = self._user("walk_thief", "social_care.group_oncall_staff")
        self._employee(self.oncall_staff).user_id = thief
        for model in MODELS:
            self.assertFalse(self._as(thief, self.env[model]).search([]))
