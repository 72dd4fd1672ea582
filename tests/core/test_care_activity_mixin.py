import ast
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.addons import social_care
from odoo.tests import TransactionCase, tagged

from ...tools.attached import by_app
from ..common_attached import AttachedCase

TYPE = "social_care.activity_type_leaving"


@tagged("post_install", "-at_install")
class TestCareActivityMixin(AttachedCase, TransactionCase):
    """One open activity for each cause and person, on every model that carries activities."""

    def _sync(self, record, users, *args, **kwargs):
        record._sync_activities(TYPE, {record: users}, *args, **kwargs)
        return self._open(record)

    def _open(self, record):
        type_ = self.env.ref(TYPE)
        domain = [
            ("res_model", "=", record._name),
            ("res_id", "=", record.id),
            ("activity_type_id", "=", type_.id),
        ]
        return self.env["mail.activity"].search(domain, order="id")

    def _people(self):
        plain = self._user("plain", "base.group_user")
        return plain.union(
            self.north_staff, self.north_manager, self.south_staff, self.south_manager, self.oncall_staff,
            self.oncall_lead, self.supporter, self.privacy_officer, self.care_admin,
        )  # fmt: skip

    def test_on_every_model_whoever_may_open_the_record_is_told_and_nobody_else(self):
        people = self._people()
        for record, user in self._threads():
            opens = people.filtered(
                lambda person, record=record: (
                    self._as(person, record).with_context(care_wall_changes=True).has_access("read")
                )
            )
            with self.subTest(model=record._name):
                self.assertIn(user, opens)
                self.assertLess(opens, people)
                self.assertEqual(self._sync(record, people).user_id, opens)
                before = self._open(record)
                self.assertEqual(self._sync(record, people), before, "again and again the same")
                with by_app():
                    before[:1].copy()
                self.assertEqual(self._sync(record, people), before, "one and not two")
                turn = [*(people - opens), user, *(opens - user)]
                self.assertEqual(self._sync(record, turn).user_id, user, "the first who may")
                user.active = False
                self.assertNotIn(user, self._sync(record, turn).user_id, "who has left hands on")
                user.active = True
                self.assertFalse(self._sync(record, []), "no cause, no activity")

    def test_every_model_with_activities_has_them_from_here(self):
        registry = self.env.registry
        carriers = registry.descendants(["mail.activity.mixin"], "_inherit")
        ours = {name for name in carriers if name.startswith("care.")}
        self.assertEqual(ours, set(registry.descendants(["care.activity.mixin"], "_inherit")))

    def test_nothing_else_of_ours_makes_them(self):
        root = Path(social_care.__file__).parent
        found = set()
        for path in [
            path for room in ("models", "wizards", "controllers") for path in (root / room).rglob("*.py")
        ]:
            tree = ast.parse(path.read_text())
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            if "activity_schedule" in names or ("mail.activity" in texts and "automated" in texts):
                found.add(path.stem)
        others = {"care_access_change", "res_users"}  # on no record; hands on what was planned for who leaves
        self.assertEqual(found, {"care_activity_mixin", *others})

    def test_what_somebody_has_planned_is_left_alone(self):
        own = self._activity(self.stay_astrid, self.north_manager, activity_type_id=self.env.ref(TYPE).id)
        self.assertEqual(len(self._sync(self.stay_astrid, self.north_manager)), 2)
        self.assertEqual(self._sync(self.stay_astrid, []).ids, own.ids)

    def test_a_lockout_and_a_protection_take_it_back(self):
        self.assertEqual(self._sync(self.stay_astrid, self.north_staff).user_id, self.north_staff)
        self._lockout(self.astrid, self.north_staff)
        self.assertFalse(self._sync(self.stay_astrid, self.north_staff))
        colleague = self._user("colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        self.assertTrue(self._sync(self.stay_astrid, colleague))
        self.astrid.protection_level = "marked"
        self.assertFalse(self._sync(self.stay_astrid, colleague), "not named")
        in_turn = [colleague, self.north_manager]
        self.assertEqual(self._sync(self.stay_astrid, in_turn).user_id, self.north_manager)

    def test_an_emergency_access_ends_and_so_gives_nothing_to_do(self):
        self._open_file(self.oncall_staff, self.astrid.reference)
        self.assertTrue(self._as(self.oncall_staff, self.stay_astrid).has_access("read"))
        self.assertFalse(self._sync(self.stay_astrid, self.oncall_staff))

    def test_in_the_reader_s_language(self):
        self.north_staff.lang, self.north_manager.lang = "sv_SE", "en_US"
        users = self.north_staff | self.north_manager
        texts = {activity.user_id: activity.summary for activity in self._sync(self.stay_astrid, users)}
        type_ = self.env.ref(TYPE)
        self.assertEqual(texts[self.north_staff], type_.with_context(lang="sv_SE").name)
        self.assertEqual(texts[self.north_manager], type_.with_context(lang="en_US").name)
        said = self._sync(self.stay_astrid, users, summary_of=lambda stay: stay.env.lang)
        self.assertEqual(set(said.mapped("summary")), {"sv_SE", "en_US"}, "changed, not made anew")
        self.assertEqual(len(said), 2)

    def test_the_day_moves_with_its_cause_and_stays_where_there_is_none(self):
        activity = self._sync(self.stay_astrid, self.north_staff, days=2)
        first = fields.Date.context_today(self.stay_astrid) + timedelta(days=2)
        self.assertEqual(activity.date_deadline, first)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertEqual(self._sync(self.stay_astrid, self.north_staff, days=2).date_deadline, first)
        moved = self._sync(self.stay_astrid, self.north_staff, lambda stay: self._day(9))
        self.assertEqual((moved, moved.date_deadline), (activity, self._day(9)))

    def test_who_has_done_it_is_told_again_unless_once_is_enough(self):
        for once in (False, True):
            with self.subTest(once=once):
                self._sync(self.stay_astrid, self.north_staff, once=once).action_done()
                self.assertEqual(bool(self._sync(self.stay_astrid, self.north_staff, once=once)), not once)
                self._open(self.stay_astrid).unlink()

    def test_a_type_that_an_administrator_has_deleted_keeps_nobody_from_work(self):
        self.assertEqual(
            self.env["care.stay"]._sync_activities("social_care.gone", {self.stay_astrid: []}), {}
        )

    def test_nothing_that_somebody_wrote_comes_along(self):
        """By a default that the one who causes the activity has stored, or sends."""
        stay = self._stay(self._client("Klient", "Ny"), self.north, -30)
        self._as(self.north_staff, self.env["ir.default"]).set("mail.activity", "note", "Namn", user_id=True)
        forged = self._as(self.north_staff, stay).with_context(default_feedback="Namn")
        activity = self._sync(forged, self.north_manager)
        self.assertFalse(activity.note or activity.feedback)

    def test_as_many_queries_for_many(self):
        stays = self.env["care.stay"].concat(
            *(self._stay(self._client("Klient", str(number)), self.north, -30) for number in range(20))
        )
        costs = []
        for some in (stays[:2], stays):
            users_of = dict.fromkeys(some, self.north_staff | self.north_manager)
            some._sync_activities(TYPE, users_of)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._sync_activities(TYPE, users_of)
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)
