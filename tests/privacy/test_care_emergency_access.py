from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common_emergency import REASON, EmergencyCase
from ..common_file import FILE_MODELS, FileCase


@tagged("post_install", "-at_install")
class TestCareEmergencyAccess(EmergencyCase, FileCase, TransactionCase):
    def test_any_way_of_writing_the_number_opens_the_file(self):
        for key in (
            "19400604-9987",
            "400604-9987",
            " 4006049987 ",
            self.astrid.reference,
            self.astrid.reference.lower(),
        ):
            action = self._as(self.oncall_staff, self.env["care.emergency.access"]).action_open(key, REASON)
            self.assertEqual((action["res_model"], action["res_id"]), ("care.client", self.astrid.id))
        access = self.env["care.emergency.access"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(len(access), 1, "who has it open gets no second one")
        self.assertEqual((access.user_id, access.reason), (self.oncall_staff, REASON))
        self.assertEqual(access.date_to - access.date_from, timedelta(hours=self.rule("emergency_access")))
        self.assertEqual(access.create_uid, self.oncall_staff)

    def test_former_and_other_numbers_open_the_same_person(self):
        self.astrid.personal_number = "19400664-9984"
        numbers = self.env["care.client.number"]
        for number, kind in (("000101-T220", "interim"), ("KUND-4711", "other")):
            numbers.create({"client_id": self.astrid.id, "number": number, "kind": kind})
        access = self.env["care.emergency.access"]
        for key in ("400604-9987", "19400664-9984", "000101t220", "kund4711"):
            action = self._as(self.oncall_staff, access).action_open(key, REASON)
            self.assertEqual(action["res_id"], self.astrid.id, key)
        for key in ("000101-T22", "4711", "", "-"):
            with self.assertRaises(UserError):
                self._as(self.oncall_staff, access).action_open(key, REASON)

    def test_a_reference_opens_its_own_file_whatever_number_another_has(self):
        self.env["care.client.number"].create(
            {"client_id": self.astrid.id, "number": self.bo.reference, "kind": "other"}
        )
        for key in (self.bo.reference, self.bo.reference.lower()):
            accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
            self.assertEqual(accesses.action_open(key, REASON)["res_id"], self.bo.id)

    def test_a_protected_persons_customer_number_is_as_a_reference(self):
        """It may be one of a series."""
        self.astrid.protection_level = "marked"
        numbers = self.env["care.client.number"]
        for number, kind in (("000101-T220", "interim"), ("KUND-4711", "other")):
            numbers.create({"client_id": self.astrid.id, "number": number, "kind": kind})
        access = self.env["care.emergency.access"]
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, access).action_open("KUND-4711", REASON)
        action = self._as(self.oncall_staff, access).action_open("000101-T220", REASON)
        self.assertEqual(action["res_id"], self.astrid.id)

    def test_it_opens_the_whole_file_for_reading_and_nothing_else(self):
        for user in (self.oncall_staff, self.oncall_lead, self.south_staff, self.south_manager):
            for model in FILE_MODELS:
                self.assertFalse(self._sees(user, self.files[self.astrid][model]), model)
            self._open_file(user, self.astrid.reference)
            for model in FILE_MODELS:
                record = self.files[self.astrid][model]
                self.assertTrue(self._sees(user, record), (user.login, model))
                self.assertTrue(self._as(user, record).read(), model)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(
                        self._as(user, record).has_access(operation), (user.login, model, operation)
                    )
                self.assertFalse(self._sees(user, self.files[self.dan][model]), "another client")
        self.assertFalse(self._as(self.supporter, self.astrid).has_access("read"))

    def test_every_model_of_the_file_has_the_way(self):
        """Whatever is behind the wall and open to staff is open in an emergency, and only to read."""
        rules = self.env["ir.rule"].search([("domain_force", "like", "'emergency'")])
        self.assertGreaterEqual(len(rules), 15)
        for rule in rules:
            self.assertEqual(rule.domain_force, "[('opened_by', '=', 'emergency')]")
            self.assertFalse(rule.perm_write or rule.perm_create or rule.perm_unlink, rule.name)
            self.env[rule.model_id.model].with_user(self.south_staff).search([])

    def test_units_without_assessment_are_not_the_file(self):
        self.north.regime = "open"
        self._open_file(self.oncall_staff, self.astrid.reference)
        self.assertTrue(self._sees(self.oncall_staff, self.astrid))
        self.assertFalse(self._sees(self.oncall_staff, self.files[self.astrid]["care.decision"]))

    def test_it_ends_by_itself(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        end = access.date_to
        for moment, open_ in ((-1, True), (0, False), (1, False)):
            with freeze_time(end + timedelta(seconds=moment)):
                self.assertEqual(self._sees(self.oncall_staff, self.astrid), open_, moment)
                self.assertEqual(bool(self._as(self.oncall_staff, self.astrid).has_access("read")), open_)
        with freeze_time(end), self.assertRaises(UserError):
            self._as(self.oncall_staff, access).action_open_file()
        with freeze_time(end):
            again = self._open_file(self.oncall_staff, self.astrid.reference)
            self.assertNotEqual(again, access)

    def test_the_hours_are_the_companys(self):
        self.set_rule("emergency_access", 1)
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self.assertEqual(access.date_to - access.date_from, timedelta(hours=1))

    def test_closed_early_by_the_one_who_opened_it(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        with self.assertRaises(UserError):
            self._as(self.north_manager, access).action_close()
        client = self._as(self.oncall_staff, self.astrid)
        self.assertTrue(client.lastname)
        access.with_env(client.env).action_close()
        with self.assertRaises(AccessError):  # from what is remembered of this transaction neither
            client.lastname  # noqa: B018
        self.assertFalse(self._sees(self.oncall_staff, self.astrid))
        self._open_file(self.oncall_staff, self.astrid.reference)
        self._as(self.oncall_staff, self.astrid).action_close_emergency()
        self.assertFalse(self._sees(self.oncall_staff, self.astrid))

    def test_protected_persons_are_opened_for_reading_alone(self):
        self.astrid.protection_level = "marked"
        consent = self.files[self.astrid]["care.consent"]
        self.assertFalse(self._sees(self.north_staff, self.astrid))
        self._open_file(self.north_staff, self.astrid.personal_number)
        self.assertTrue(self._sees(self.north_staff, consent))
        self.assertFalse(
            self._as(self.north_staff, consent).has_access("write"), "a stay gives no right to write"
        )
        with self.assertRaises(AccessError):
            self._as(self.north_staff, self.astrid).write({"phone": "1"})
        client = self._as(self.north_staff, self.astrid).with_context(care_wall_changes=False)
        self.assertFalse(client.has_access("write"), "the caller's context opens nothing")

    def test_a_contact_person_who_has_left_writes_nothing_by_it(self):
        leaver = self._user("leaver", "social_care.group_care_staff")
        membership = self._member(self.north, leaver)
        self._member(self.south, leaver)
        contact = self._contact_person(self.astrid, self.north, leaver, role="deputy")
        contact.closing_date = self.today
        membership.date_to = self._day(-1)
        self._open_file(leaver, self.astrid.reference)
        mine = self._as(leaver, contact)
        self.assertTrue(mine.closing_date)
        decision = self.env["care.decision"].search([("client_id", "=", self.astrid.id)], limit=1)
        decision.legal_basis_id.offers_plan = True
        for verb in (
            mine.action_closing_held,
            lambda: self._as(leaver, decision).action_record_plan_offer("no"),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                verb()
        self.assertFalse(contact.closing_outcome or decision.plan_offer_answer)

    def test_a_reference_opens_no_protected_person(self):
        """References are a series, and whoever counts would open the persons who are hidden."""
        for level in dict(self.astrid._fields["protection_level"].selection).keys() - {"none"}:
            self.astrid.protection_level = level
            unknown = self._refusal(self.north_staff, "K99999")
            self.assertEqual(self._refusal(self.north_staff, self.astrid.reference), unknown, level)
            self.assertFalse(self._sees(self.north_staff, self.astrid), level)
            self._forget_misses()
        self.astrid.personal_number = False
        self._refusal(self.north_staff, self.astrid.reference)
        self.assertTrue(self._sees(self.north_manager, self.astrid), "those who are named open it")
        self.astrid.protection_level = "none"
        self._open_file(self.north_staff, self.astrid.reference)

    def test_never_past_a_lockout(self):
        lockouts = self.env["care.client.lockout"]
        self._open_file(self.oncall_staff, self.astrid.reference)
        self.assertTrue(self._sees(self.oncall_staff, self.astrid))
        lockouts.create({"client_id": self.astrid.id, "user_id": self.oncall_staff.id, "reason": "Släkt"})
        for model in FILE_MODELS:
            self.assertFalse(self._sees(self.oncall_staff, self.files[self.astrid][model]), model)
        self._refusal(self.oncall_staff, self.astrid.reference)

    def test_unknown_elsewhere_and_locked_out_get_one_answer_for_the_same_work(self):
        far = self._client(
            "Fjärran",
            "Person",
            "198001019986",
            company_id=self.env["res.company"].create({"name": "B"}).id,
        )
        hidden = self._client("Dold", "Person", "199001019802", protection_level="marked")
        self.env["care.client.lockout"].create(
            {"client_id": self.bo.id, "user_id": self.oncall_staff.id, "reason": "Släkt"}
        )
        answers, work = set(), {}
        self._refusal(self.oncall_staff, "K88888")  # what is cached once for all
        keys = (
            "19391219-9852",
            "K99999",
            "%",
            far.personal_number,
            far.reference + " ",
            self.bo.personal_number,
            hidden.reference,
            "",
        )
        for key in keys:
            self.env["care.emergency.attempt"].flush_model()
            self._forget_misses()
            accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
            accesses.env.user.has_group("base.group_user")
            before = self.cr.sql_log_count
            try:
                accesses.action_open(key, REASON)
            except UserError as error:
                answers.add(str(error))
            work[key] = self.cr.sql_log_count - before
        self.assertEqual(len(answers), 1, answers)
        self.assertEqual(len(set(work.values())), 1, f"as many queries, whoever it is: {work}")
        for secret in ("Bo", "Al", self.bo.reference):
            self.assertNotIn(f" {secret} ", answers.pop() if answers else "")

    def test_misses_are_kept_without_what_was_typed(self):
        self._refusal(self.oncall_staff, "19391219-9852")
        self.env["care.client.lockout"].create(
            {"client_id": self.bo.id, "user_id": self.oncall_staff.id, "reason": "Släkt"}
        )
        self._refusal(self.oncall_staff, self.bo.personal_number)
        locked, unknown = self._misses(self.oncall_staff)
        seen = self._as(self.privacy_officer, locked | unknown).read()
        self.assertEqual([row["client_reference"] for row in seen], [self.bo.reference, False])
        self.assertNotIn("9852", str(seen))
        self.assertNotIn("client_key", seen[0])
        for user in (self.oncall_staff, self.north_manager, self.care_admin):
            with self.assertRaises(AccessError):
                self._as(user, unknown).read()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute("DELETE FROM care_emergency_attempt WHERE id = %s", [unknown.id])

    def test_misses_slow_down(self):
        """Five are free; then one waits a minute, two, four ... and to be told to wait is no miss."""
        start = fields.Datetime.now()
        with freeze_time(start):
            answers = {self._refusal(self.oncall_staff, "K99999") for _number in range(5)}
            self.assertEqual(len(answers), 1)
            self.assertNotIn(self._refusal(self.oncall_staff, self.astrid.reference), answers)
            self.assertEqual(len(self._misses(self.oncall_staff)), 5)
            self._open_file(self.south_staff, self.astrid.reference)
        with freeze_time(start + timedelta(seconds=59)):
            self.assertNotIn(self._refusal(self.oncall_staff, self.astrid.reference), answers)
        with freeze_time(start + timedelta(minutes=1)):
            self.assertIn(self._refusal(self.oncall_staff, "K99999"), answers)
            self.assertRegex(self._refusal(self.oncall_staff, "K99999"), r"\b2\b")
        with freeze_time(start + timedelta(minutes=2, seconds=59)):
            self.assertNotIn(self._refusal(self.oncall_staff, self.astrid.reference), answers)
        with freeze_time(start + timedelta(minutes=3)):
            self._open_file(self.oncall_staff, self.astrid.reference)

    def test_openings_slow_down_too(self):
        """Whoever counts the references up opens five, and then waits like who misses."""
        clients = [self._client("Rad", f"Nummer{number}") for number in range(7)]
        start = fields.Datetime.now()
        with freeze_time(start):
            self._refusal(self.south_staff, "K99999")
            for client in clients[:4]:
                self._open_file(self.south_staff, client.reference)
            self.assertRegex(self._refusal(self.south_staff, clients[4].reference), r"\b1\b")
            self.assertFalse(self._sees(self.south_staff, clients[4]))
            self.assertTrue(self._sees(self.south_staff, clients[3]), "what is open stays open")
            self._open_file(self.oncall_staff, clients[4].reference)
        with freeze_time(start + timedelta(minutes=1)):
            self._open_file(self.south_staff, clients[4].reference)
            self.assertRegex(self._refusal(self.south_staff, clients[5].reference), r"\b2\b")
        with freeze_time(start + timedelta(minutes=62)):
            self._open_file(self.south_staff, clients[5].reference)

    def test_officers_are_told_of_many_openings(self):
        changes = self.env["care.access.change"]
        start = fields.Datetime.now() - timedelta(hours=12)
        clients = [self._client("Rad", f"Nummer{number}") for number in range(10)]
        for number, client in enumerate(clients):
            with freeze_time(start + timedelta(hours=number)):
                self._open_file(self.south_staff, client.reference)
                told = changes.search([("kind", "=", "openings")])
                self.assertEqual(len(told), (number + 1) // 5, "each opening is told of once")
        self.assertEqual((told.subject_user_id, set(told.mapped("is_alarm"))), (self.south_staff, {True}))
        self.assertTrue(self._sees(self.privacy_officer, told[0]))
        self.assertIn("5", told[0].after)

    def test_officers_are_told_of_many_misses_and_of_a_lockout_met(self):
        changes, misses = self.env["care.access.change"], self.env["care.emergency.attempt"]
        self._forget_misses()
        for _number in range(4):
            self._refusal(self.south_staff, "K99999")
        self.assertFalse(misses._tell(), "mistyped")
        self._refusal(self.south_staff, "K99999")
        self.env["care.client.lockout"].create(
            {"client_id": self.bo.id, "user_id": self.oncall_staff.id, "reason": "Släkt"}
        )
        self._refusal(self.oncall_staff, self.bo.reference)
        told = misses._tell()
        self.assertEqual(set(told.subject_user_id), set(self.south_staff | self.oncall_staff))
        self.assertEqual(set(told.mapped("kind")), {"miss"})
        self.assertFalse(misses._tell(), "each attempt once")
        self.assertLessEqual(told, self._as(self.privacy_officer, changes).search([]).with_env(self.env))

    def test_a_reason_of_some_words(self):
        reasons = ("", None, False, "kort", "          ", "aaaaaaaaaaaaaaa", 5, ["a"])
        answers = {self._refusal(self.oncall_staff, self.astrid.reference, reason) for reason in reasons}
        self.assertEqual(len(answers), 1)
        self.assertFalse(self._misses(self.oncall_staff), "that is no miss")
        for key in (None, False, 0, [self.astrid.id], {"a": 1}):
            self._refusal(self.south_staff, key)
            self._forget_misses()
        self.assertFalse(self.env["care.emergency.access"].search([("user_id", "=", self.oncall_staff.id)]))

    def test_only_staff_who_work_somewhere_now(self):
        outsider = self._user("outsider", "social_care.group_care_staff")
        for user in (
            outsider,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
            self._user("sys", "base.group_system"),
        ):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.emergency.access"]).action_open(self.astrid.reference, REASON)
        member = self._member(self.south, outsider, start=-10, end=-1)
        with self.assertRaises(AccessError):
            self._as(outsider, self.env["care.emergency.access"]).action_open(self.astrid.reference, REASON)
        member.date_to = False
        self._open_file(outsider, self.astrid.reference)
        stranger = self._stranger("stranger", "social_care.group_care_staff")
        with self.assertRaises(AccessError):
            self._as(stranger, self.env["care.emergency.access"]).action_open(self.astrid.reference, REASON)

    def test_a_group_alone_does_not_keep_it_open(self):
        """Whoever loses the group loses the file; the membership is asked for when it is opened."""
        self._open_file(self.oncall_staff, self.astrid.reference)
        self.oncall_staff.group_ids -= self.env.ref("social_care.group_oncall_staff")
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, self.astrid).read(["name"])

    def test_nobody_makes_or_changes_one_but_through_the_verbs(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        values = {
            "client_id": self.bo.id,
            "user_id": self.oncall_staff.id,
            "reason": REASON,
            "date_to": fields.Datetime.now() + timedelta(days=300),
        }
        for user in (self.oncall_staff, self.north_manager, self.privacy_officer, self.care_admin):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._as(user, self.env["care.emergency.access"]).create(values)
            for change in (
                {"date_to": values["date_to"]},
                {"client_id": self.bo.id},
                {"judgement": "motivated"},
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, access).write(change)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._as(user, access).unlink()
            with self.assertRaises(UserError), self.cr.savepoint():
                self._as(user, access).copy()
        with self.assertRaises(UserError):
            access.sudo().write({"reason": "Annat"})

    @mute_logger("odoo.sql_db")
    def test_frozen_in_the_database(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self._as(self.north_manager, access).action_review("motivated", "Ja")
        self.env.flush_all()
        for change in (
            "reason = 'x'",
            f"client_id = {self.bo.id}",
            f"user_id = {self.south_staff.id}",
            "date_to = date_to + interval '1 second'",
            "judgement = 'not_motivated'",
            "review_comment = 'x'",
            "judgement = NULL",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(
                    SQL("UPDATE care_emergency_access SET %s WHERE id = %s", SQL(change), access.id)
                )
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute("DELETE FROM care_emergency_access WHERE id = %s", [access.id])
        self.cr.execute("UPDATE care_emergency_access SET date_to = date_from WHERE id = %s", [access.id])

    # ------------------------------------------------------------------
    # Who sees it, who is told, who reviews it
    # ------------------------------------------------------------------

    def test_who_sees_it(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        for user, sees in [
            (self.oncall_staff, True),
            (self.north_manager, True),
            (self.privacy_officer, True),
            (self.oncall_lead, False),
            (self.north_staff, False),
            (self.south_manager, False),
        ]:
            self.assertEqual(self._sees(user, access), sees, user.login)
        row = self._as(self.privacy_officer, access).read()[0]
        self.assertEqual(row["display_name"], self.astrid.reference)
        for secret in ("Astrid", "Ek", "9987"):
            self.assertNotIn(secret, str(row))

    def test_managers_and_privacy_officers_are_told_by_reference(self):
        self.cilla.intake_unit_id = self.south
        for client, manager in ((self.astrid, self.north_manager), (self.cilla, self.south_manager)):
            access = self._open_file(self.oncall_staff, client.reference)
            told = self._told(access)
            self.assertEqual(told.user_id, manager | self.privacy_officer)
            for activity in told:
                self.assertEqual(activity.res_name, client.reference)
                self.assertNotIn(client.lastname, f"{activity.summary} {activity.note}")
                self.assertEqual(activity.date_deadline, access.review_due)
        self.assertEqual(access.review_due, self._day(self.rule("access_review")))

    def test_a_locked_out_manager_is_not_told(self):
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_manager.id, "reason": "Släkt"}
        )
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self.assertEqual(self._told(access).user_id, self.privacy_officer)
        with self.assertRaises(AccessError):
            self._as(self.north_manager, access).action_review("motivated", "Ja")

    def test_review(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        for user in (self.oncall_staff, self.south_manager, self.north_staff, self.oncall_lead):
            with self.assertRaises(AccessError):
                self._as(user, access).action_review("motivated", "Ja")
        reviewer = self._as(self.north_manager, access)
        for judgement, comment in (("motivated", " "), ("motivated", None), ("fine", "Ja"), (False, "Ja")):
            with self.assertRaises(UserError):
                reviewer.action_review(judgement, comment)
        reviewer.action_review("investigate", "Frågar Jonas")
        self.assertTrue(access.is_waiting)
        self.assertTrue(self._told(access))
        self._as(self.privacy_officer, access).action_review("not_motivated", "Ingen nöd")
        self.assertEqual(access.review_comment, "Frågar Jonas\nIngen nöd")
        self.assertEqual(access.reviewed_by_id, self.privacy_officer)
        self.assertFalse(self._told(access), "nobody is reminded any more")
        for judgement in ("motivated", "not_motivated", "investigate"):
            with self.assertRaises(UserError):
                reviewer.action_review(judgement, "Ändrar mig")

    def test_the_reviewer_is_told_what_it_was_used_for(self):
        """Kinds and ways of the read log, in the dialog that asks for the judgement too; no content."""
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        other = self._open_file(self.south_staff, self.astrid.reference)
        for user, model, operation, of in (
            (self.oncall_staff, "care.client", "read", access),
            (self.oncall_staff, "care.decision", "read", access),
            (self.oncall_staff, "care.client", "print", access),
            (self.south_staff, "care.consent", "read", other),
            (self.oncall_staff, "care.consent", "read", self.env["care.emergency.access"]),
        ):
            self.cr.execute(
                "INSERT INTO care_access_log (user_id, client_id, company_id, date, model, operation, channel,"
                " emergency_id) VALUES (%s, %s, %s, %s, %s, %s, 'web', %s)",
                [
                    user.id,
                    self.astrid.id,
                    self.company.id,
                    fields.Datetime.now(),
                    model,
                    operation,
                    of.id or None,
                ],
            )
        reviewer = self._as(self.north_manager, access).with_context(lang="en_US")
        names = [self.env["ir.model"]._get(model).name for model in ("care.client", "care.decision")]
        self.assertEqual(
            sorted(reviewer.seen.splitlines()),
            sorted([f"Read: {', '.join(sorted(names))}", f"Printed out: {names[0]}"]),
        )
        action = reviewer.action_judge()
        dialog = (
            reviewer.env["care.emergency.judge"].with_context(**action["context"]).create({"comment": "Ja"})
        )
        shown = (dialog.user_id, dialog.reason, dialog.seen)
        self.assertEqual(shown, (self.oncall_staff, REASON, reviewer.seen))
        self._as(self.privacy_officer, access | other).mapped("seen")  # the names of the kinds are cached
        costs = []
        for accesses in (access, access | other):
            reviewers = self._as(self.privacy_officer, accesses)
            reviewers.mapped("reason")
            before = self.cr.sql_log_count
            reviewers.mapped("seen")
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    def test_nobody_reviews_their_own(self):
        access = self._open_file(self.north_manager, self.astrid.reference)
        self.assertEqual(self._told(access).user_id, self.privacy_officer)
        with self.assertRaises(AccessError):
            self._as(self.north_manager, access).action_review("motivated", "Ja")
        both = self._user("both", "social_care.group_care_staff,social_care.group_privacy_officer")
        self._member(self.south, both)
        own = self._open_file(both, self.astrid.reference)
        with self.assertRaises(AccessError):
            self._as(both, own).action_review("motivated", "Ja")
        self.assertFalse(self._as(both, own).can_review)
        self.assertTrue(self._as(self.north_manager, own).can_review)

    def test_overdue_reviews_remind(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        accesses = self.env["care.emergency.access"]
        accesses.sudo().search([("is_waiting", "=", True)])._keep_reviewers_told()
        self.assertEqual(len(self._told(access)), 2, "told once")
        with freeze_time(self.today + timedelta(days=30)):
            accesses.sudo().search([("is_waiting", "=", True)])._keep_reviewers_told()
            accesses.sudo().search([("is_waiting", "=", True)])._keep_reviewers_told()
            late = self._told(access)
            self.assertEqual(late.activity_type_id, self.env.ref("social_care.activity_type_emergency_late"))
            self.assertEqual(late.user_id, self.north_manager | self.privacy_officer)
            late.filtered(lambda activity: activity.user_id == self.north_manager).unlink()
            accesses.sudo().search([("is_waiting", "=", True)])._keep_reviewers_told()
            self.assertEqual(len(self._told(access)), 2, "whoever takes the reminder away gets it again")

    def test_the_mark_for_the_read_log(self):
        accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
        self.assertEqual(accesses._open_for(self.astrid.ids), {})
        astrid = self._open_file(self.oncall_staff, self.astrid.reference)
        bo = self._open_file(self.oncall_staff, self.bo.reference)
        accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
        with self.assertQueryCount(1):
            marks = accesses._open_for([self.astrid.id, self.bo.id, self.dan.id, False])
        self.assertEqual(marks, {self.astrid.id: astrid.id, self.bo.id: bo.id})
        self.assertEqual(self._as(self.oncall_lead, accesses)._open_for(self.astrid.ids), {})

    def test_the_banner(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        client = self._as(self.oncall_staff, self.astrid)
        self.assertEqual(client.read(["emergency_until"])[0]["emergency_until"], access.date_to)
        self.assertFalse(self._as(self.north_staff, self.astrid).emergency_until)

    def test_telling_costs_the_same_for_many(self):
        accesses = self.env["care.emergency.access"]
        for user in (self.oncall_staff, self.oncall_lead, self.south_staff):
            self._open_file(user, self.astrid.reference)
        many = accesses.search([("client_id", "=", self.astrid.id)])
        many._keep_reviewers_told()  # Odoo remembers each person's rules
        counts = []
        for batch in (many[:1], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch._keep_reviewers_told()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def _told(self, access):
        return self.env["mail.activity"].search(
            [("res_model", "=", access._name), ("res_id", "=", access.id)]
        )

    def _forget_misses(self):
        self.cr.execute("ALTER TABLE care_emergency_attempt DISABLE TRIGGER care_emergency_attempt_guard")
        self.cr.execute("DELETE FROM care_emergency_attempt")
        self.cr.execute("ALTER TABLE care_emergency_attempt ENABLE TRIGGER care_emergency_attempt_guard")
