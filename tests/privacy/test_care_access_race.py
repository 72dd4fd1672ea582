from datetime import datetime, time, timedelta
from uuid import uuid4

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...tools.frozen import thawed
from ..common_emergency import REASON
from ..common_race import RaceCase

TABLES = (
    "care_access_review_line", "care_access_review", "care_emergency_access", "care_emergency_attempt",
    "care_access_change",
)  # fmt: skip
ROLES = {
    "race_staff": ["care_staff"],
    "race_manager": ["care_manager"],
    "race_second": ["care_manager"],
    "race_officer": ["privacy_officer"],
    "race_other_officer": ["privacy_officer"],
}


@tagged("post_install", "-at_install")
class TestCareAccessAtTheSameTime(RaceCase):
    """What opens, closes and reviews access, when two do it at once."""

    def setUp(self):
        super().setUp()
        self.month = (fields.Date.today() - relativedelta(months=1)).replace(day=1)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            unit, elsewhere = env["care.unit"].create(
                [{"name": name, "code": name} for name in ("Samtidigt", "Annanstans")]
            )
            self.units = (unit | elsewhere).ids
            client = env["care.client"].create({"lastname": "Samtidig"})
            env["care.stay"].create(
                {"client_id": client.id, "unit_id": unit.id, "date_from": self.month - timedelta(days=9)}
            )
            self.client, self.reference = client.id, client.reference
            self.users, self.members = {}, {}
            for login, roles in ROLES.items():
                groups = ",".join(f"social_care.group_{role}" for role in roles)
                # a login of its own each time: archived users keep theirs
                user = new_test_user(env, f"{login}_{uuid4()}", groups)
                self.users[login] = user.id
                if roles == ["privacy_officer"]:
                    continue
                manages = roles == ["care_manager"]
                self.members[login] = (
                    env["care.unit.member"]
                    .create(
                        {
                            "unit_id": (unit if manages else elsewhere).id,
                            "employee_id": env["hr.employee"].create({"name": login, "user_id": user.id}).id,
                            "role": "manager" if manages else "staff",
                        }
                    )
                    .id
                )
        self.addCleanup(self._clean)

    def _clean(self):
        users, units = list(self.users.values()), self.units
        with self.registry.cursor() as cr, thawed(cr, *TABLES):
            env = api.Environment(cr, SUPERUSER_ID, {})
            for statement, ids in (
                ("DELETE FROM mail_activity WHERE user_id = ANY(%s) OR create_uid = ANY(%s)", (users, users)),
                ("DELETE FROM care_access_review_line WHERE unit_id = ANY(%s)", (units,)),
                ("DELETE FROM care_access_review WHERE unit_id = ANY(%s)", (units,)),
                ("DELETE FROM care_emergency_access WHERE user_id = ANY(%s)", (users,)),
                ("DELETE FROM care_emergency_attempt WHERE user_id = ANY(%s)", (users,)),
                ("DELETE FROM care_client_lockout WHERE client_id = %s", (self.client,)),
                ("DELETE FROM care_stay WHERE unit_id = ANY(%s)", (units,)),
            ):
                cr.execute(statement, ids)  # pylint: disable=sql-injection  # the texts above
            employees = env["care.unit.member"].search([("unit_id", "in", units)]).employee_id
            cr.execute("DELETE FROM care_unit_member WHERE unit_id = ANY(%s)", [units])
            employees.unlink()
            env["res.users"].browse(users).action_archive()  # the access log names them
            cr.execute(
                "DELETE FROM care_access_change WHERE user_id = ANY(%s) OR subject_user_id = ANY(%s)",
                [users, users],
            )
            cr.execute("DELETE FROM care_client WHERE id = %s", [self.client])
            cr.execute("DELETE FROM care_unit WHERE id = ANY(%s)", [units])

    def _by(self, login, deed):
        """The deed as one of the users, in whichever transaction it is run."""

        def run(env):
            deed(api.Environment(env.cr, self.users[login], {}))
            env.cr.flush()

        return run

    def _sql(self, query, *values):
        with self.registry.cursor() as cr:
            cr.execute(query, values)  # pylint: disable=sql-injection  # the tests' own
            return cr.fetchall()

    # ------------------------------------------------------------------
    # Emergency access
    # ------------------------------------------------------------------

    def _open(self, login="race_staff", key=None):
        accesses = "care.emergency.access"
        return self._by(login, lambda env: env[accesses].action_open(key or self.reference, REASON))

    def _accesses(self):
        return self._sql("SELECT user_id FROM care_emergency_access WHERE client_id = %s", self.client)

    def test_one_person_opens_twice_at_once(self):
        """The second press waits for the first, finds the file open, and shows it."""
        error, tries = self._race(self._open(), self._open())
        self.assertIsNone(error)
        self.assertEqual(tries, 1)
        self.assertEqual(self._accesses(), [(self.users["race_staff"],)])

    def test_two_persons_open_at_once(self):
        error, _tries = self._race(self._open(), self._open("race_manager"))
        self.assertIsNone(error)
        self.assertEqual(len(self._accesses()), 2)

    def test_many_guesses_at_once_are_counted_one_by_one(self):
        wrong = self._open(key="K9999999")

        def guess(env):
            """Answered with an error; its transaction, and its turn, end when the answer has left."""
            with self.assertRaises(UserError):
                wrong(env)

        for _number in range(2):
            error, _tries = self._race(guess, wrong)
            self.assertIsInstance(error, UserError)
        misses = self._sql(
            "SELECT count(*) FROM care_emergency_attempt WHERE user_id = %s", self.users["race_staff"]
        )
        self.assertEqual(misses, [(4,)])

    def _lock_out(self, env):
        env["care.client.lockout"].create(
            {"client_id": self.client, "user_id": self.users["race_staff"], "reason": "Släkt"}
        )
        env.flush_all()

    def _is_open(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users["race_staff"], {})
            return bool(env["care.client"].search([("id", "=", self.client)]))

    def test_opened_while_a_lockout_is_being_added(self):
        """Whichever comes first, the lockout holds from the moment it is there."""
        error, _tries = self._race(self._lock_out, self._open())
        self.assertIsNone(error, "nobody knew of it yet")
        self.assertFalse(self._is_open())
        with self.registry.cursor() as cr, self.assertRaises(UserError):
            self._open()(api.Environment(cr, SUPERUSER_ID, {}))

    def test_a_lockout_is_added_while_the_file_is_being_opened(self):
        error, _tries = self._race(self._open(), self._lock_out)
        self.assertIsNone(error)
        self.assertEqual(len(self._accesses()), 1)
        self.assertFalse(self._is_open())

    def test_two_who_judge_one_emergency_access(self):
        with self.registry.cursor() as cr:
            self._open()(api.Environment(cr, SUPERUSER_ID, {}))
        (access,) = self._sql("SELECT id FROM care_emergency_access WHERE client_id = %s", self.client)[0]

        def judge(login, judgement):
            return self._by(
                login, lambda env: env["care.emergency.access"].browse(access).action_review(judgement, login)
            )

        error, tries = self._race(judge("race_manager", "not_motivated"), judge("race_officer", "motivated"))
        self.assertIsInstance(error, UserError)
        self.assertGreater(tries, 1)
        judged = self._sql(
            "SELECT judgement, reviewed_by_id, review_comment FROM care_emergency_access WHERE id = %s",
            access,
        )
        self.assertEqual(judged, [("not_motivated", self.users["race_manager"], "race_manager")])

    # ------------------------------------------------------------------
    # Reviews
    # ------------------------------------------------------------------

    def _read_last_month(self, cr):
        cr.execute("SELECT care_access_log_make_month(%s)", [self.month])
        cr.execute(
            "INSERT INTO care_access_log (user_id, client_id, company_id, date, model, operation, channel)"
            " SELECT %s, c.id, c.company_id, %s, 'care.client', 'read', 'web' FROM care_client c WHERE c.id = %s",
            [
                self.users["race_staff"],
                datetime.combine(self.month + timedelta(days=9), time(12)),
                self.client,
            ],
        )

    def _draw(self, env):
        for unit in env["care.unit"].browse(self.units):
            env["care.access.review"]._try_to_draw(unit, self.month)
        env.flush_all()

    def test_two_jobs_draw_at_once(self):
        with self.registry.cursor() as cr:
            self._read_last_month(cr)
        with self.assertNoLogs("odoo.addons.social_care.models.privacy.care_access_review_drawing", "ERROR"):
            error, _tries = self._race(self._draw, self._draw)
        self.assertIsNone(error)
        lines = self._sql(
            "SELECT l.user_id FROM care_access_review_line l JOIN care_access_review r ON r.id = l.review_id"
            " WHERE r.unit_id = ANY(%s)",
            self.units,
        )
        self.assertEqual(lines, [(self.users["race_staff"],)], "one review, with its line once")

    def test_two_reviewers_judge_one_line(self):
        """The second is told who has judged, and does not write over it."""
        with self.registry.cursor() as cr:
            self._read_last_month(cr)
            self._draw(api.Environment(cr, SUPERUSER_ID, {}))
        (line,) = self._sql("SELECT id FROM care_access_review_line WHERE unit_id = ANY(%s)", self.units)[0]

        def judge(login, judgement):
            values = {"judgement": judgement, "comment": login}
            return self._by(login, lambda env: env["care.access.review.line"].browse(line).write(values))

        error, tries = self._race(judge("race_manager", "not_ok"), judge("race_second", "ok"))
        self.assertIsInstance(error, UserError)
        self.assertIn("race_manager has", str(error))
        self.assertGreater(tries, 1)
        judged = self._sql(
            "SELECT judgement, judged_by_id, comment FROM care_access_review_line WHERE id = %s", line
        )
        self.assertEqual(judged, [("not_ok", self.users["race_manager"], "race_manager")])

    # ------------------------------------------------------------------
    # Changes of access
    # ------------------------------------------------------------------

    def test_two_officers_see_one_change(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            group = env.ref("social_care.group_care_staff")
            env["res.users"].browse(self.users["race_officer"]).group_ids = [Command.link(group.id)]
        (change,) = self._sql(
            "SELECT max(id) FROM care_access_change WHERE subject_user_id = %s", self.users["race_officer"]
        )[0]

        def see(login):
            return self._by(login, lambda env: env["care.access.change"].browse(change).action_see())

        error, tries = self._race(see("race_other_officer"), see("race_other_officer"))
        self.assertIsNone(error)
        self.assertGreater(tries, 1)
        seen = self._sql("SELECT seen_by_id FROM care_access_change WHERE id = %s", change)
        self.assertEqual(seen, [(self.users["race_other_officer"],)])

    def test_two_managers_confirm_one_membership(self):
        member = self.members["race_manager"]
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE care_unit_member SET confirmed_user_id = NULL, confirmed_by_id = NULL WHERE id = %s",
                [member],
            )

        def confirm(login):
            return self._by(login, lambda env: env["care.unit.member"].browse(member).action_confirm())

        error, tries = self._race(confirm("race_second"), confirm("race_officer"))
        self.assertIsNone(error)
        self.assertGreater(tries, 1)
        confirmed = self._sql("SELECT confirmed_by_id FROM care_unit_member WHERE id = %s", member)
        self.assertEqual(confirmed, [(self.users["race_second"],)])
        noted = self._sql(
            "SELECT user_id FROM care_access_change WHERE kind = 'membership' AND subject_user_id = %s",
            self.users["race_manager"],
        )
        self.assertEqual(noted, [(self.users["race_second"],)], "noted once")
