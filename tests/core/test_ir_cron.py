from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from odoo.addons import social_care
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ...tools.frozen import thawed
from ..common_emergency import EmergencyCase
from ..common_journal import JournalCase
from ..common_oncall import OncallCase
from ..common_plan import CarePlanCase
from ..common_relative import RelativeCase

# One's own draft and one's own word are nobody else's to finish.
PERSONAL = {"activity_journal_draft", "activity_plan_witness"}


@tagged("post_install", "-at_install")
class TestIrCron(CarePlanCase, EmergencyCase, JournalCase, OncallCase, RelativeCase, TransactionCase):
    """Every job of ours, with one of everything due that the app reminds of."""

    def _make_everything_due(self):
        """Something for each type of activity of ours; another type asks for another line."""
        self._files()
        self._plans()
        self._journal()
        self._nights()
        self._rest()
        self.env.flush_all()
        self.env.invalidate_all()

    def _files(self):
        self._stay(self.cilla, self.north, 5)
        self.stay_bo.date_to = self._day(20)
        self._decision(self.bo, self.south, date_from=self._day(-100), date_to=self._day(10))
        lss = self.env["care.legal.basis"].search([("law", "=", "1993:387")], limit=1)
        self._decision(self.bo, self.south, date_from=self._day(-20), legal_basis_id=lss.id)
        self.env["care.consent"].create(
            {
                "client_id": self.bo.id,
                "unit_id": self.south.id,
                "scope": "photo",
                "purpose": "Albumet",
                "date_from": self._day(-20),
                "date_to": self._day(9),
            }
        )
        self.env["care.client.contact"].create(
            {
                "client_id": self.bo.id,
                "unit_id": self.south.id,
                "kind": "representative",
                "mandate": "god_man",
                "name": "Maj",
                "date_from": self._day(-20),
                "date_to": self._day(-9),
            }
        )
        self.env["care.night.card"].create(
            {
                "client_id": self.bo.id,
                "unit_id": self.south.id,
                "what_helps": "Te",
                "approved_by": "client",
                "valid_to": self._day(4),
            }
        )
        self._contact_person(self.bo, self.south, self.south_staff, closing_date=self._day(2))
        fia, gun = self._client("Fia", "Ek"), self._client("Gun", "Al")
        for client in (fia, gun):
            self._stay(client, self.north, -9)
        leaving = self._user("leaving", "social_care.group_care_staff")
        member = self._member(self.north, leaving)
        self._contact_person(fia, self.north, leaving)
        member.date_to = self._day(-1)
        self._as(self.north_staff, gun).action_deceased()

    def _plans(self):
        plan = self._active_plan()
        self._set(plan, review_date=self._day(-9), next_review_date=self._day(-9))
        eva = self._client("Eva", "Ro")
        self._stay(eva, self.north, -5)
        self._contact_person(eva, self.north, self.anna)
        proposed = self._plan(eva)
        self._propose(proposed)
        self._sign(proposed, "client", method="oral", witness_id=self.north_colleague.id)

    def _journal(self):
        draft = self._draft()
        entered = self._ago(days=self.rule("journal_sign") - 1)
        self._set(draft, entered_at=entered, event_at=entered)
        self._set(self._signed(), body="Ändrat")

    def _nights(self):
        visit = self._visit()
        start, end = self.now - timedelta(hours=3), self.now - timedelta(hours=1)
        self._set(visit, window_start=start, window_end=end, acknowledge_by=start)
        self._stay(self._client("Dold", "Inflyttad", protection_level="marked"), self.north)
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        self._set(handover, sent_at=self._ago(days=1))
        walk = self.env["care.safety.walk"].create(
            {"unit_id": self.oncall.id, "area_id": self.area.id, "date": self._day(-30)}
        )
        self.env["care.safety.walk.point"].create(
            {"walk_id": walk.id, "place": "Cykelrum", "category": "light", "due_date": self._day(-2)}
        )

    def _rest(self):
        for unit, days in ((self.north, 5), (self.south, -5)):
            self.env["care.access.review"].create(
                {"unit_id": unit.id, "month": self.today.replace(day=1), "due_date": self._day(days)}
            )
        self._open_file(self.oncall_staff, self.astrid.reference)
        late = self._open_file(self.south_staff, self.astrid.reference)
        self._set(late, review_due=self._day(-3))
        newcomer = self._user("newcomer", "social_care.group_care_staff")
        self._member(self.south, newcomer)._suspend_by_hand()
        self._as(self.privacy_officer, self.env["care.subject.request"]).create(
            {"client_key": self.astrid.reference, "identity": "Känd av personalen"}
        )
        self._set(self._referral(self._send()), due_on=self._day(-2))

    def _set(self, record, **values):
        """Past the guards, as time would."""
        self.env.flush_all()
        self.env.cr.execute("SELECT FROM pg_trigger WHERE tgname = %s", [f"{record._table}_guard"])
        with thawed(self.env.cr, record._table) if self.env.cr.rowcount else nullcontext():
            assignments = [SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()]
            table = SQL.identifier(record._table)
            self.env.cr.execute(
                SQL("UPDATE %s SET %s WHERE id = %s", table, SQL(", ").join(assignments), record.id)
            )
        self.env.invalidate_all()

    def _run_all(self):
        jobs = self.env["ir.cron"].search(
            [("code", "=like", "model._cron_%"), ("model_id.model", "=like", "care.%")]
        )
        self.assertGreater(len(jobs), 20)
        with mute_logger("odoo.addons.social_care.models.journal.care_journal_verify"):
            for job in jobs.sorted("id"):
                with self.subTest(job=job.code, model=job.model_id.model):
                    job.method_direct_trigger()
        self.env.invalidate_all()

    def _told(self):
        """``{(model, id, type): users}`` of the company's own open activities."""
        found = {}
        names = {type_.id: name for name, type_ in self._types().items()}
        domain = [
            ("automated", "=", True),
            ("res_model", "!=", False),
            ("user_id.company_id", "=", self.company.id),
        ]
        for activity in self.env["mail.activity"].search(domain):
            key = activity.res_model, activity.res_id, names.get(activity.activity_type_id.id, "of Odoo")
            users = found.setdefault(key, self.env["res.users"])
            if activity.res_model not in ("care.unit", "care.referral"):  # which carry several causes
                self.assertNotIn(activity.user_id, users, f"{key}: one activity for a cause and a person")
            found[key] |= activity.user_id
        return found

    def _types(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "social_care"), ("model", "=", "mail.activity.type")]
        )
        return {row.name: self.env["mail.activity.type"].browse(row.res_id) for row in data}

    def _assert_opens(self, told):
        for (model, id_, name), users in told.items():
            for user in users:
                record = self._as(user, self.env[model].browse(id_)).with_context(care_wall_changes=True)
                with self.subTest(model=model, type=name, user=user.login):
                    self.assertTrue(user.active)
                    self.assertTrue(record.has_access("read"))

    def test_all_jobs_again_and_again(self):
        self._make_everything_due()
        self._run_all()
        told = self._told()
        self.assertEqual({name for _model, _id, name in told} - {"of Odoo"}, set(self._types()))
        self._assert_opens(told)
        rows = "SELECT id, user_id, res_id, activity_type_id, date_deadline, summary, active FROM mail_activity ORDER BY id"
        self.env.cr.execute(rows)
        before = self.env.cr.fetchall()
        self._run_all()
        self.env.flush_all()
        self.env.cr.execute(rows)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_who_has_left_in_whatever_way_is_never_asked_and_the_next_one_is(self):
        self._make_everything_due()
        self._run_all()
        before = self._told()
        self._successors()
        gone = self._leave()
        self._run_all()
        after = self._told()
        self._assert_opens(after)
        for key, users in after.items():
            with self.subTest(cause=key):
                self.assertFalse(users & gone, "has left")
        lost = {key for key, users in before.items() if users & gone} - after.keys()
        self.assertLessEqual({name for _model, _id, name in lost}, PERSONAL)

    def _successors(self):
        for unit, group, role in (
            (self.north, "care_manager", "manager"),
            (self.south, "care_manager", "manager"),
            (self.oncall, "oncall_lead", "staff"),
            (self.relatives, "relative_support", "staff"),
            (self.line, "relative_support", "manager"),
        ):
            self._member(unit, self._user(f"next {unit.name}", f"social_care.group_{group}"), role)
        for group in ("privacy_officer", "care_admin"):
            self._user(f"next {group}", f"social_care.group_{group}")

    def _leave(self):
        """At Norr the logins are archived, at Söder the memberships are doubted, on call they end, the rest are gone."""
        north, south = self.north_staff | self.north_manager | self.north_colleague, self.south_staff
        south |= self.south_manager
        (north | self.privacy_officer | self.care_admin).active = False
        self.south.member_ids.filtered(lambda member: member.user_id in south)._suspend_by_hand()
        self.oncall.member_ids.filtered(
            lambda member: member.user_id == self.oncall_lead
        ).date_to = self._day(-2)
        self._employee(self.supporter).active = False
        return north | south | self.privacy_officer | self.care_admin | self.oncall_lead | self.supporter

    def test_jobs_share_one_loop(self):
        """But for the access log's, whose next step rests on the one before."""
        models = Path(social_care.__file__).parent / "models"
        loops = {path.parent.name for path in models.rglob("*.py") if "_commit_progress" in path.read_text()}
        self.assertEqual(loops, {"core", "access_log"})

    def test_what_fails_is_logged_and_keeps_no_other_waiting(self):
        done, told = [], []

        def do(batch):
            self.assertNotIn(3, batch)
            done.extend(batch)

        def progress(processed=0, *, remaining=None):
            told.append((processed, remaining))
            return 60

        batches = self.env["ir.cron"]._care_batches
        with self.assertLogs("odoo.addons.social_care.models.core.ir_cron", "ERROR") as logs:
            self.assertTrue(batches([1, 2, 3, 4, 5], do, 2, progress))
        self.assertEqual(done, [1, 2, 4, 5])
        self.assertEqual(told, [(0, 5), (2, 3), (2, 1), (1, 0)])
        self.assertEqual(len(logs.output), 1)
        self.assertIn("failed for 3", logs.output[0])
        self.assertFalse(batches([1, 2], done.append, 1, lambda *done, **left: 0), "the time is out")
