from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...models.landlord.care_disturbance import LADDER_STEPS
from ...tools.address import address_key
from ..common import CareCase


class DisturbanceCase(CareCase):
    """Cases of the on-call team at addresses of one landlord."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.landlord = cls.env["res.partner"].create({"name": "Bostaden AB", "is_company": True})
        cls.area.landlord_id = cls.landlord

    @classmethod
    def _case(cls, address="Björkvägen 1, lgh 1203", **vals):
        vals = {"unit_id": cls.oncall.id, "area_id": cls.area.id, "address": address, **vals}
        return cls.env["care.disturbance"].create(vals)

    @classmethod
    def _shift(cls, **vals):
        now = fields.Datetime.now()
        shift = cls.env["care.oncall.shift"].create(
            {
                "unit_id": cls.oncall.id,
                "date_start": now - timedelta(hours=1),
                "date_end": now + timedelta(hours=7),
                "employee_ids": [
                    Command.set((cls._employee(cls.oncall_staff) | cls._employee(cls.oncall_lead)).ids)
                ],
                **vals,
            }
        )
        shift.action_open()
        return shift

    @classmethod
    def _event(cls, shift, **vals):
        vals = {"unit_id": cls.oncall.id, "shift_id": shift.id, "kind": "disturbance", **vals}
        return cls.env["care.oncall.event"].create(vals)

    def _report(self, user, **vals):
        today = fields.Date.today()
        vals = {"landlord_id": self.landlord.id, "company_id": self.company.id, **vals}
        vals = {"date_from": today - timedelta(days=1), "date_to": today + timedelta(days=1)} | vals
        return self._as(user, self.env["care.disturbance.report"]).create(vals)


@tagged("post_install", "-at_install")
class TestCareDisturbance(DisturbanceCase, TransactionCase):
    def test_one_address_however_it_is_written(self):
        same = [
            "Björkvägen 1 B, lgh 1203",
            "björkvägen 1b lägenhet 1203",
            " BJÖRKVÄGEN  1 B / 1203 ",
            "Björkv. 1 B, lgh. nr 1203",
            "Bjo\u0308rkva\u0308gen 1 B, lgh 1203",
        ]
        self.assertEqual({address_key(address) for address in same}, {"björkvägen 1 b 1203"})
        for other in (
            "Björkvägen 1 C, lgh 1203",
            "Björkvägen 11, lgh 203",
            "Bjorkvagen 1 B, lgh 1203",
            "Björkvägen 1",
        ):
            self.assertNotEqual(address_key(other), address_key(same[0]), other)
        self.assertEqual(address_key("Storg. 5"), address_key("Storgatan 5"))
        self.assertFalse(address_key(" , "))

    def test_cases_at_the_same_address_find_one_another(self):
        first = self._case("Björkvägen 1, lgh 1203")
        again = self._case("björkvägen 1 lägenhet 1203")
        other = self._case("Björkvägen 2")
        self.assertEqual(again.same_address_ids, first)
        self.assertEqual((first | again | other).mapped("same_address_count"), [1, 1, 0])
        self.assertFalse(other.same_address_ids)
        found = self.env["care.disturbance"].search(again.action_open_same_address()["domain"])
        self.assertEqual(found, first | again)

    def test_other_teams_cases_at_the_address_stay_theirs(self):
        theirs = self._unit("Nattpatrullen", kind="on_call")
        self._case(unit_id=theirs.id)
        case = self._as(self.oncall_staff, self._case())
        self.assertFalse(case.same_address_ids)
        self.assertFalse(case.same_address_count)

    def test_states_follow_the_table(self):
        for before, allowed in self.env["care.disturbance"]._transitions.items():
            for after, verb in {"closed": "action_close", "open": "action_reopen"}.items():
                case = self._case()
                case._write_decided({"state": before})
                if after in allowed:
                    getattr(case, verb)()
                    self.assertEqual(case.state, after)
                else:
                    with self.assertRaises(UserError):
                        getattr(case, verb)()
        for vals in ({"state": "closed"}, {"ladder_step": "warning"}, {"reference": "X"}):
            with self.assertRaises(UserError):
                self._case().sudo().write(vals)
        for vals in ({"state": "closed"}, {"ladder_step": "meeting"}):
            with self.assertRaises(UserError):
                self._case(**vals)
        closed, shift = self._case(), self._shift()
        behind, other = self._event(shift, disturbance_id=closed.id), self._event(shift)
        closed.action_close()
        for change in (
            lambda: closed.write({"measures": "X"}),
            closed.action_conversation,
            lambda: self._as(self.oncall_staff, behind).write({"disturbance_id": False}),
            lambda: self._as(self.oncall_staff, other).write({"disturbance_id": closed.id}),
            lambda: self._event(shift, disturbance_id=closed.id),
        ):
            with self.assertRaisesRegex(UserError, "Reopen it"), self.cr.savepoint():
                change()
        self.assertEqual(closed.event_ids, behind)

    def test_nothing_travels_by_mail(self):
        case = self._case()
        case.message_subscribe(partner_ids=self.oncall_lead.partner_id.ids)
        noter = case.with_user(self.oncall_staff)
        for letter in (
            {"partner_ids": self.oncall_lead.partner_id.ids},
            {"subtype_xmlid": "mail.mt_comment"},
            {"outgoing_email_to": "granne@example.com"},
            {"message_type": "email"},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                noter.message_post(body="Hyresgästen på Björkvägen", **letter)
        note = noter.message_post(body="Hyresgästen på Björkvägen", message_type="comment")
        self.assertFalse(note.notification_ids)
        self.assertFalse(self.env["mail.mail"].sudo().search([("mail_message_id", "=", note.id)]))

    def test_lists_take_as_many_queries_whatever_their_length(self):
        specification = {
            "reference": {},
            "address": {},
            "area_id": {"fields": {"display_name": {}}},
            "same_address_count": {},
            "state": {},
        }
        spent = []
        for number in (2, 12):
            for index in range(number):
                self._case(f"Björkvägen {index % 5}")
            cases = self._as(self.oncall_staff, self.env["care.disturbance"])
            cases.web_search_read([], specification)  # the registry's own caches
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertGreaterEqual(len(cases.web_search_read([], specification)["records"]), number)
            spent.append(self.cr.sql_log_count - before)
        self.assertEqual(*spent)


@tagged("post_install", "-at_install")
class TestCareDisturbanceAccess(DisturbanceCase, TransactionCase):
    """The team keeps its cases; only its lead reports to a landlord."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._case()
        cls.other_team = cls._unit("Nattpatrullen", kind="on_call")
        cls.other_lead = cls._user("other_lead", "social_care.group_oncall_lead")
        cls._member(cls.other_team, cls.other_lead)

    def test_the_team_reads_and_writes(self):
        for user in (self.oncall_staff, self.oncall_lead):
            case = self._as(user, self.case)
            self.assertTrue(case.read(["address", "same_address_count"]))
            case.write({"measures": user.login})
            self._as(user, self.env["care.disturbance"]).create({"area_id": self.area.id, "address": "X 1"})
            with self.assertRaises(AccessError):
                self._as(user, self.case).unlink()

    def test_other_teams_and_roles_do_not(self):
        for user in (
            self.other_lead,
            self.north_staff,
            self.north_manager,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
            self.env.ref("base.user_admin"),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.case).read(["display_name"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.case).write({"measures": "x"})
        self.assertFalse(self._as(self.other_lead, self.env["care.disturbance"]).search([]))
        verbs = ["action_close", "action_reopen", "action_open_same_address"]
        for verb in verbs + [f"action_{step}" for step, _label in LADDER_STEPS]:
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(self._once_open(self.other_lead, self.case), verb)()

    def test_membership_opens_and_closes(self):
        member = self.oncall.member_ids.filtered(lambda m: m.user_id == self.oncall_staff)
        for start, end, seen in [(-10, -1, False), (-10, 0, True), (1, None, False)]:
            member.write({"date_from": self._day(start), "date_to": end is not None and self._day(end)})
            self.assertEqual(bool(self._as(self.oncall_staff, self.env["care.disturbance"]).search([])), seen)

    def test_only_the_lead_reports_to_a_landlord(self):
        for user in (self.oncall_staff, self.north_manager, self.care_admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._report(user)
        report = self._report(self.oncall_lead)
        self.assertTrue(report.action_csv())
        self.assertTrue(report.action_print())
        name, kept = "social_care.care_disturbance_report_document", report._kept()
        for user in (self.oncall_staff, self.other_lead, self.north_staff):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(name, kept.ids)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, report).action_csv()
        colleague = self._user("second_lead", "social_care.group_oncall_lead")
        self._member(self.oncall, colleague)
        with self.assertRaises(AccessError):  # what another lead has filled in, though of the same team
            self._once_open(colleague, report).action_csv()
        with self.assertRaises(AccessError):
            self._as(self.other_lead, self.env[f"report.{name}"])._get_report_values(kept.ids)

    def test_a_lead_reports_what_the_own_team_has(self):
        self.assertEqual(self._report(self.oncall_lead).case_count, 1)
        self.assertEqual(self._report(self.other_lead).case_count, 0)


@tagged("post_install", "-at_install")
class TestCareDisturbancePeriod(DisturbanceCase, TransactionCase):
    def test_the_period_is_the_companys_own_days(self):
        """Summer time ends on 25 October 2026: that night begins 22:00 UTC and ends 23:00 UTC."""
        self.company.care_tz = "Europe/Stockholm"
        with freeze_time(datetime(2026, 11, 2, 12)):
            before, first, last, after = (
                self._case(f"Väg {number}", received_at=moment)
                for number, moment in enumerate(
                    [
                        datetime(2026, 10, 24, 21, 59),
                        datetime(2026, 10, 24, 22, 0),
                        datetime(2026, 10, 25, 22, 59),
                        datetime(2026, 10, 25, 23, 0),
                    ]
                )
            )
            report = self._report(self.oncall_lead, date_from="2026-10-25", date_to="2026-10-25")
            self.assertEqual(report._cases().sudo(False).ids, (first | last).ids)
            self.assertFalse(report._cases() & (before | after))
