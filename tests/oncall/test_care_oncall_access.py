from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallAccess(OncallCase, TransactionCase):
    def test_the_log_is_the_teams_own(self):
        event = self._event()
        for user in (self.oncall_staff, self.oncall_lead):
            self.assertEqual(self._as(user, event).read(["reason"])[0]["reason"], "anxiety")
            self.assertEqual(self._as(user, self.env["care.oncall.shift"]).search([]).ids, self.shift.ids)
        for user in (
            self.north_staff,
            self.north_manager,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
        ):
            for record in (event, self.shift):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    self._as(user, record).read(["display_name"])
                with self.assertRaises(AccessError):
                    self._as(user, record.browse()).search([])

    def test_another_teams_log_is_closed(self):
        other = self._unit("Andra jouren", kind="on_call")
        stranger = self._user("stranger", "social_care.group_oncall_lead")
        self._member(other, stranger)
        for record in (self._event(), self.shift):
            self.assertFalse(self._as(stranger, record.browse()).search([]))
            with self.assertRaises(AccessError):
                self._as(stranger, record).read(["state"])

    def test_the_log_closes_with_the_membership(self):
        event = self._event()
        member = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_staff)
        self.assertTrue(self._as(self.oncall_staff, event.browse()).search([]))
        member.date_to = self._day(-1)
        self.assertFalse(self._as(self.oncall_staff, event.browse()).search([]))

    # ------------------------------------------------------------------
    # The card: by the shift, and by the clock
    # ------------------------------------------------------------------

    CARD_MODELS = ("care.client.card", "care.night.card", "care.check.visit")

    def _make_cards(self):
        self._night_card(self.astrid, self.north)
        self._visit()
        self._stay(self.cilla, self.south)
        self._night_card(self.bo, self.south)

    def _cards(self, user):
        """Whose cards, night cards and visits the user sees; all three always agree."""
        seen = [self._as(user, self.env[model]).search([]).client_id.ids for model in self.CARD_MODELS]
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])
        return self.env["care.client"].browse(seen[0])

    def test_the_crew_sees_the_cards_of_the_units_it_serves(self):
        self._make_cards()
        self.assertEqual(self._cards(self.oncall_staff), self.astrid)
        card = self._as(self.oncall_staff, self.env["care.client.card"]).search([])
        self.assertEqual(card.read(["name", "phone", "dwelling_id"])[0]["name"], "Astrid Ek")
        self.assertEqual(card.what_helps, "Tala lugnt")
        self.assertEqual(card.display_name, self.astrid.reference)

    def test_who_is_not_in_the_crew_sees_no_card(self):
        self._make_cards()
        self.assertFalse(self._cards(self.oncall_lead))
        for user in (self.north_staff, self.supporter, self.privacy_officer, self.care_admin):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.client.card"]).search([])

    def test_the_crew_opens_no_file(self):
        self._make_cards()
        for model in ("care.client", "care.stay", "care.decision", "care.contact.person", "care.consent"):
            self.assertFalse(self._as(self.oncall_staff, self.env[model]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, self.astrid).read(["lastname"])
        card = self._as(self.oncall_staff, self.env["care.client.card"]).search([])
        with self.assertRaises(AccessError):
            card.client_id.read(["lastname"])
        with self.assertRaises(AccessError):
            card.write({"name": "x"})
        with self.assertRaises(AccessError):
            card.unlink()

    def test_a_minute_after_the_shift_is_closed_the_card_is_shut(self):
        self._make_cards()
        card = self.env["care.client.card"].search([("client_id", "=", self.astrid.id)])
        night_card = self.env["care.night.card"].search([("client_id", "=", self.astrid.id)])
        visit = self.env["care.check.visit"].search([("client_id", "=", self.astrid.id)])
        records = (card, night_card, visit)
        for record in records:
            self._as(self.oncall_staff, record).read(["client_id"])
        self._as(self.oncall_lead, self.shift).action_close()
        with freeze_time(self.now + timedelta(minutes=1)):
            self.assertFalse(self._cards(self.oncall_staff))
            for record in records:
                with self.assertRaises(AccessError):
                    self._as(self.oncall_staff, record).read(["client_id"])
            with self.assertRaises(AccessError):
                self._as(self.oncall_staff, card).action_new_event()
            with self.assertRaises(AccessError):
                self._as(self.oncall_staff, visit).action_acknowledge()

    def test_a_shift_that_nobody_closes_shuts_its_cards_two_hours_after_its_end(self):
        self._make_cards()
        for minutes, expected in ((-1, 1), (0, 1), (119, 1), (120, 0), (121, 0), (60 * 24, 0)):
            with freeze_time(self.shift.date_end + timedelta(minutes=minutes)):
                self.assertEqual(len(self._cards(self.oncall_staff)), expected, minutes)

    def test_a_planned_shift_shows_nothing(self):
        self._make_cards()
        self._as(self.oncall_lead, self.shift).action_close()
        self._shift(self.oncall_staff, start=0.5, state="planned")
        self.assertFalse(self._cards(self.oncall_staff))

    def test_the_card_closes_with_crew_membership_service_and_stay(self):
        self._make_cards()
        member = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_staff)
        with self.subTest("membership"), self.env.cr.savepoint(flush=False):
            member.date_to = self._day(-1)
            self.assertFalse(self._cards(self.oncall_staff))
            member.date_to = False
        with self.subTest("crew"):
            self.shift.employee_ids = False
            self.assertFalse(self._cards(self.oncall_staff))
            self.shift.employee_ids = self._employee(self.oncall_staff)
        with self.subTest("service"):
            self.oncall.serves_unit_ids = False
            self.assertFalse(self._cards(self.oncall_staff))
            self.oncall.serves_unit_ids = self.north
        with self.subTest("stay"):
            self.assertTrue(self._cards(self.oncall_staff))
            self.stay_astrid.date_to = self._day(-1)
            self.assertFalse(self._cards(self.oncall_staff), "the days to finish are for day staff")

    def test_midnight_of_the_stay_is_the_companys(self):
        """The last day is 25 October 2026, when summer time ends: the card shuts at 23:00 UTC."""
        self.shift.sudo()._write_decided(
            {"date_start": "2026-10-25 18:00:00", "date_end": "2026-10-26 06:00:00"}
        )
        self.stay_astrid.write({"date_from": "2026-01-01", "date_to": "2026-10-25"})
        self.oncall.member_ids.date_from = "2026-01-01"
        self.env["care.unit.member"].search([]).date_from = "2026-01-01"
        for moment, expected in (("2026-10-25 22:59:00", 1), ("2026-10-25 23:01:00", 0)):
            with freeze_time(moment):
                found = self._as(self.oncall_staff, self.env["care.client.card"]).search([])
                self.assertEqual(len(found), expected, moment)

    def test_a_night_card_shows_while_approved_and_in_date(self):
        card = self._night_card(self.astrid, self.north)
        night_cards = self.env["care.night.card"]
        self.assertTrue(self._as(self.oncall_staff, night_cards).search([]))
        self._as(self.north_staff, card).write({"what_helps": "Något annat"})
        self.assertFalse(card.approved_by, "changed words need a new yes")
        self.assertFalse(self._as(self.oncall_staff, night_cards).search([]))
        self._as(self.north_staff, card).action_approve()
        self.assertTrue(self._as(self.oncall_staff, night_cards).search([]))
        card.write({"valid_to": self._day(-1), "approved_by": "client"})
        self.assertFalse(self._as(self.oncall_staff, night_cards).search([]))
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, card).read(["what_helps"])

    def test_a_protected_person_has_no_card_for_the_crew_and_no_name_on_any(self):
        self._make_cards()
        self.astrid.protection_level = "marked"
        self.assertFalse(self._cards(self.oncall_staff))
        card = self.env["care.client.card"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(
            card.read(["reference", "name", "phone", "dwelling_id"])[0],
            {
                "id": card.id,
                "reference": self.astrid.reference,
                "name": False,
                "phone": False,
                "dwelling_id": False,
            },
        )

    def test_lockout_beats_the_shift(self):
        self._make_cards()
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.oncall_staff.id, "reason": "Syster"}
        )
        self.assertFalse(self._cards(self.oncall_staff))

    # ------------------------------------------------------------------
    # Attacks
    # ------------------------------------------------------------------

    def test_naming_a_client_outside_the_served_units_is_refused(self):
        answers = set()
        for client in (self.bo, self.cilla, self.dan):
            for attack in (
                lambda client=client: self._as(self.oncall_staff, self.shift).action_new_event(
                    {"client_id": client.id}
                ),
                lambda client=client: self._as(self.oncall_staff, self.env["care.oncall.event"]).create(
                    {"shift_id": self.shift.id, "unit_id": self.oncall.id, "client_id": client.id}
                ),
                lambda client=client: self._as(self.oncall_staff, self._event()).write(
                    {"client_id": client.id}
                ),
                lambda client=client: (
                    self._as(self.oncall_staff, self.env["care.oncall.event"])
                    .with_context(default_client_id=client.id)
                    .create({"shift_id": self.shift.id, "unit_id": self.oncall.id})
                ),
            ):
                with self.assertRaises(RedirectWarning) as refused, self.env.cr.savepoint():
                    attack()
                answers.add(refused.exception.args[0])
        self.astrid.protection_level = "marked"
        with self.assertRaises(RedirectWarning) as refused:
            self._as(self.oncall_staff, self._event()).write({"client_id": self.astrid.id})
        answers.add(refused.exception.args[0])
        self.assertEqual(len(answers), 1, "unknown, elsewhere and protected answer alike")
        self.assertIn("emergency access", answers.pop())

    def test_the_log_keeps_the_reference_when_the_card_is_shut(self):
        event = self._event(client_id=self.astrid.id)
        seen = self._as(self.oncall_staff, event).read(["client_name", "client_id", "client_phone"])[0]
        self.assertEqual(seen["client_name"], "Astrid Ek")
        self._as(self.oncall_staff, event).action_done()
        self._as(self.oncall_lead, self.shift).action_close()
        seen = self._as(self.oncall_staff, event).read(
            ["client_name", "client_id", "client_phone", "what_helps"]
        )[0]
        self.assertEqual(seen["client_name"], self.astrid.reference)
        self.assertEqual(seen["client_id"], (self.astrid.id, self.astrid.reference))
        self.assertFalse(seen["client_phone"] or seen["what_helps"])

    def test_the_log_answers_no_question_about_a_client(self):
        self._event(client_id=self.astrid.id)
        events = self._as(self.oncall_staff, self.env["care.oncall.event"])
        for domain in (
            [("client_id.lastname", "=", "Ek")],
            [("client_id.phone_digits", "=", "46701740605")],
            [("client_id.personal_number", "=", self.astrid.personal_number)],
            [("client_id.stay_ids.unit_id", "=", self.north.id)],
        ):
            self.assertFalse(events.search(domain), domain)
        for groupby in (["client_id"], ["caller_phone"], ["caller_digits"], ["client_id.lastname"]):
            with self.assertRaises(AccessError):
                events._read_group([], groupby, ["__count"])
            with self.assertRaises(AccessError):
                events.formatted_read_group([], groupby, ["__count"])

    def test_the_crew_writes_no_roster(self):
        for vals in (
            {"date_end": self.now + timedelta(days=10)},
            {"employee_ids": [Command.link(self._employee(self.oncall_staff).id)]},
            {"state": "open"},
        ):
            with self.assertRaises(UserError):
                self._as(self.oncall_staff, self.shift).write(vals)
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, self.env["care.oncall.shift"]).create(
                {"unit_id": self.oncall.id, "date_start": self.now, "date_end": self.now + timedelta(hours=1)}
            )
        with self.assertRaises(AccessError):
            self._as(self.oncall_staff, self.shift).action_close()

    def test_a_shift_is_not_opened_early_nor_by_others(self):
        tomorrow = self._shift(self.oncall_staff, start=20, state="planned")
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, tomorrow).action_open()
        with self.assertRaises(AccessError):
            self._as(self.north_staff, tomorrow).action_open()
        colleague = self._user("colleague", "social_care.group_oncall_staff")
        self._member(self.oncall, colleague)
        with self.assertRaises(AccessError):
            self._as(colleague, tomorrow).action_open()

    def test_day_staff_read_handovers_and_never_the_log(self):
        event = self._event(client_id=self.astrid.id, description="Oro", action_taken="Samtal")
        handover = event._send_handover(self.north, event._handover_text({"with_action"}))
        self.assertIn("Samtal", self._as(self.north_staff, handover).read(["body"])[0]["body"])
        self.assertNotIn("Oro", handover.body)
        for model in ("care.oncall.event", "care.oncall.shift", "care.oncall.coverage", "care.client.card"):
            with self.assertRaises(AccessError):
                self._as(self.north_manager, self.env[model]).search([])
        with self.assertRaises(AccessError):
            self._as(self.north_staff, handover).event_id.read(["description"])
        with self.assertRaises(AccessError):
            self._as(self.north_staff, self.env["care.handover"]).search(
                [("event_id.description", "ilike", "Oro")]
            )
        self.assertFalse(self._as(self.south_staff, self.env["care.handover"]).search([]))
        for user in (self.north_staff, self.oncall_staff):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._as(user, handover).write({"body": "x"})
            with (
                self.assertRaisesRegex(UserError, "A handover is sent from an event"),
                self.env.cr.savepoint(),
            ):
                self._as(user, self.env["care.handover"]).create(
                    {
                        "event_id": event.id,
                        "from_unit_id": self.oncall.id,
                        "unit_id": self.north.id,
                        "body": "x",
                    }
                )

    def test_reports_obey_the_walls(self):
        visit = self._visit()
        for name, record in (
            ("care_oncall_shift_report_document", self.shift),
            ("care_check_visit_report_document", visit),
        ):
            report = self.env[f"report.social_care.{name}"]
            for user in (self.supporter, self.care_admin, self.south_staff):
                with self.subTest(name=name, user=user.login), self.assertRaises(AccessError):
                    self._as(user, report)._get_report_values(record.ids)
        with self.assertRaises(UserError):
            self._as(
                self.oncall_staff, self.env["report.social_care.care_oncall_shift_report_document"]
            )._get_report_values(self.shift.ids)
