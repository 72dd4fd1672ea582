from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..common_access_log import AccessLogCase
from ..common_emergency import EmergencyCase
from ..common_journal import JournalCase
from ..common_oncall import OncallCase
from ..common_plan import CarePlanCase
from ..landlord.test_care_disturbance import DisturbanceCase
from ..rights.test_care_subject_request import SubjectCase

MARK = "Zzelma Zzetterlund"
NO_TEXTS = {"barcode", "pin"}  # whose form Odoo checks


class IdentityCase:
    """Users who call themselves something else, and where it is found."""

    def _call_myself(self, user, name):
        """Every text that Odoo lets users write about themselves."""
        texts = {
            field: name
            for field in user.SELF_WRITEABLE_FIELDS
            if field not in NO_TEXTS
            and field in user._fields
            and user._fields[field].type in ("char", "text", "html")
        }
        self.assertLessEqual({"name", "email", "private_email", "job_title", "work_email"}, texts.keys())
        self._as(user, user).write(texts)
        self.assertEqual(user.name, name)

    def _print(self, user, report, records):
        reports = self._as(user, self.env["ir.actions.report"])
        return reports._render_qweb_html(f"social_care.{report}", records.ids)[0].decode()

    def _written(self, text):
        """Where the database holds it: ``table`` of ours, or what hangs on records of ours."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'care\\_%' ORDER BY relname"
        )
        sources = {name: SQL("%s", SQL.identifier(name)) for (name,) in self.env.cr.fetchall()}
        self.assertGreater(len(sources), 80)
        for table, column in (("mail_activity", "res_model"), ("ir_attachment", "res_model")):
            sources[table] = SQL(
                "(SELECT * FROM %s WHERE %s LIKE 'care.%%')", SQL.identifier(table), SQL.identifier(column)
            )
        sources["mail_message"] = SQL("(SELECT subject, body FROM mail_message WHERE model LIKE 'care.%%')")
        found = []
        for name, source in sources.items():
            self.env.cr.execute(SQL("SELECT 1 FROM %s t WHERE t::text ILIKE %s LIMIT 1", source, f"%{text}%"))
            found += [name] * bool(self.env.cr.fetchone())
        kinds = [("res_field", "=", False)], [("res_field", "!=", False)]
        attachments = self.env["ir.attachment"]
        files = attachments.union(
            *(attachments.search([("res_model", "=like", "care.%"), *kind]) for kind in kinds)
        )
        return found + [file.name for file in files if text.encode() in (file.raw or b"")]


@tagged("post_install", "-at_install")
class TestCareIdentityToldTheClient(IdentityCase, AccessLogCase, SubjectCase, TransactionCase):
    """The client is told who wrote and who read; what is given is frozen."""

    def test_what_users_call_themselves_is_not_told(self):
        staff = self.north_staff | self.north_manager | self.south_manager | self.privacy_officer
        for user in staff:
            self._call_myself(user, MARK)
        contact = self._as(self.north_staff, self.env["care.client.contact"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Olle"}
        )
        self._as(self.north_staff, contact).read()
        part = self._released()
        self.assertEqual(self._written(MARK), [])
        told = str(part.item_ids.mapped("content"))
        name = self._employee(self.north_staff).name
        self.assertIn(name, told)
        self._write_lines(self.north_staff, self.astrid)
        wizard = self._as(self.north_manager, self.env["care.access.log.print"]).create(
            {"client_id": self.astrid.id, "date_to": self._day(60)}  # the log's clock runs ahead in tests
        )
        html = self._print(self.north_manager, "care_access_log_report", wizard)
        self.assertIn(name, html)
        self.assertNotIn(MARK, html)


@tagged("post_install", "-at_install")
class TestCareIdentity(
    IdentityCase, EmergencyCase, JournalCase, CarePlanCase, OncallCase, DisturbanceCase, TransactionCase
):
    """What users call themselves is written nowhere that lasts, and decides nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._user("second_officer", "social_care.group_privacy_officer")
        cls.staff = (
            cls.north_staff | cls.north_manager | cls.oncall_staff | cls.oncall_lead | cls.privacy_officer
            | cls.second_officer | cls.north_colleague | cls.supporter
        )  # fmt: skip
        for user in cls.staff:
            cls._employee(user)

    def _do_everything(self):
        """Each verb that signs, decides, freezes or tells, by whoever it is for."""
        self._amended()
        entry = self._signed(self.north_colleague)
        self._objection(entry, self.north_manager)
        self._struck()
        self.env["care.journal.entry"]._cron_drafts(after_batch=lambda *_done, **_left: 1)
        plan = self._active_plan()
        event = self._event(client_id=self.astrid.id, description="Orolig")
        self._as(self.oncall_staff, self.env["care.handover.send"]).create(
            {"event_id": event.id, "note": "Ring henne i dag"}
        ).action_send()
        self._as(self.north_staff, event.handover_ids).action_read()
        self._case(measures="Vi ringde på.")
        self._report(self.oncall_lead)._kept().action_pdf()
        run = self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {"reason": "Två år har gått", "source": "SoL 17 kap."}
        )
        run.line_ids = [(0, 0, {"model": "care.plan", "res_id": plan.id})]
        run.action_propose()
        run.action_approve()
        self._as(self.second_officer, run).action_approve()
        for _number in range(5):
            self._refusal(self.oncall_staff, "K99999")
        self.env["care.emergency.attempt"]._tell()
        self._open_file(self.oncall_lead, self.astrid.reference)
        self.north_colleague.group_ids |= self.env.ref("social_care.group_care_manager")
        return plan

    def _prints(self, plan):
        journal = self._as(self.north_staff, self.env["care.journal.print"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id}
        )
        for name, records in (("care_journal_report", journal), ("care_plan_report_document", plan)):
            yield name, self._print(self.north_staff, name, records)

    def test_what_users_call_themselves_is_written_nowhere(self):
        for user in self.staff:
            self._call_myself(user, MARK)
        plan = self._do_everything()
        self.assertEqual(self._written(MARK), [])
        names = {self._employee(user).name for user in self.staff}
        self.assertEqual(len(names), len(self.staff), "nobody's employee was renamed")
        self.assertIn("care_journal_entry", self._written(self._employee(self.north_staff).name))
        for name, html in self._prints(plan):
            with self.subTest(report=name):
                self.assertNotIn(MARK, html)
                self.assertTrue(any(employee in html for employee in names))
        lines = self._as(self.north_staff, self.env["care.journal.timeline"]).search(
            [("client_id", "=", self.astrid.id)]
        )
        self.assertLessEqual({"entry", "plan", "handover"}, set(lines.mapped("source")))
        self.assertNotIn(MARK, lines.mapped("who"))
        dialog = self._as(self.north_staff, self.env["care.plan.sign"]).new(
            {"plan_id": plan.id, "role": "contact_person"}
        )
        self.assertEqual(dialog.signer_name, self._employee(self.north_staff).name)

    def test_the_employer_says_what_an_employee_is_called(self):
        hr = self._user("hr", "hr.group_hr_user")
        employee = self._employee(self.north_staff)
        self._as(hr, employee).write({"name": "Anna Lind", "job_title": "Stödpedagog"})
        entry = self._signed()
        self.assertEqual((entry.author_name, entry.author_title), ("Anna Lind", "Stödpedagog"))
        self._call_myself(self.north_staff, MARK)
        self.assertEqual(employee.name, "Anna Lind")
        self.assertEqual(employee.job_title, "Stödpedagog")
        employee.active = False
        self.assertEqual(self.north_staff.care_name, "Anna Lind", "who has left is still called that")

    def test_whoever_is_nobodys_employee_goes_by_the_login(self):
        user = self._user("without", "social_care.group_privacy_officer")
        self._call_myself(user, MARK)
        self.assertEqual(user.care_name, "without")
        with self.assertRaises(AccessError):
            self._as(user, user).write({"login": MARK})

    def test_nobody_takes_anothers_place_by_a_name(self):
        """Neither is the officer shut out as oneself, nor does a second login become another by it."""
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        officer = self._employee(self.privacy_officer)
        officer.write({"private_email": "officer@hemma.example", "private_phone": "070-174 06 90"})
        own = {"name": self.privacy_officer.name, "private_email": officer.private_email}
        self._as(self.oncall_staff, self.oncall_staff).write(own | {"private_phone": officer.private_phone})
        self.assertFalse(self.privacy_officer._care_is_person(self.oncall_staff))
        self.assertTrue(self._as(self.privacy_officer, access).can_review)
        self._employee(self.oncall_staff).ssnid = self._employee(self.second_officer).ssnid = "198001019986"
        self._call_myself(self.second_officer, MARK)
        self.assertTrue(self.second_officer._care_is_person(self.oncall_staff))
        with self.assertRaises(AccessError):
            self._as(self.second_officer, access).action_review("motivated", "Ja")

    def test_who_wrote_a_plan_puts_it_in_force_with_no_other_login(self):
        plan = self._plan()
        self._propose(plan)
        self._sign(plan, "client", "declined", note="Vill inte")
        self._sign(plan, "contact_person")
        self._employee(self.north_manager).ssnid = self._employee(self.anna).ssnid = "198001019986"
        with self.assertRaises(AccessError):
            self._as(self.north_manager, plan).action_activate("Behövs ändå")
        self._employee(self.north_manager).ssnid = False
        self._as(self.north_manager, plan).action_activate("Behövs ändå")
        self.assertEqual(plan.state, "active")
