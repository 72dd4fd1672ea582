from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common_oncall import OncallCase

# What ends and needs nobody to say so afterwards, and why.
OTHERS = {
    "care.client.lockout": "it was made for a time, and closes nothing",
    "care.contact.person": "who is responsible is found anew each day, the managers last",
    "care.mode.decision": "the unit's reminder stays until a new decision (care_unit_relative_reminder.py)",
    "care.rule": "the one that holds for all follows it",
    "care.staff.choice": "another is chosen, or the contact person comes",
    "care.stay": "its end is the end of all that rests on it (care_stay_end.py)",
    "care.unit.member": "the role ends with it",
}


@tagged("post_install", "-at_install")
class TestCareEnding(OncallCase, TransactionCase):
    """What has ended says so until somebody has acted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._contact_person(cls.astrid, cls.north, cls.north_staff)
        cls.authority = cls.env["res.partner"].create({"name": "Nämnden", "is_company": True})
        cls.housing, cls.escort = (
            cls.env.ref(f"social_care.legal_basis_{name}") for name in ("lss_9_9", "lss_9_3")
        )

    def _values(self):
        return {
            "care.decision": {"legal_basis_id": self.housing.id, "authority_id": self.authority.id},
            "care.consent": {"scope": "photo", "purpose": "Album"},
            "care.client.contact": {"kind": "representative", "mandate": "god_man", "name": "Maj"},
            "care.night.card": {"what_helps": "Te", "approved_by": "client"},
        }

    def _make(self, name, end, start=-100, **vals):
        model = self.env[name]
        days = {model._ends_on: self._day(end)}
        if "date_from" in model._fields:
            days["date_from"] = self._day(start)
        common = {"client_id": self.astrid.id, "unit_id": self.north.id}
        return model.create({**common, **days, **self._values()[name], **vals})

    def _told(self):
        """``{(activity type, login)}`` on Astrid's stay, as the night leaves it."""
        self.env["care.stay"]._remind()
        self.env.invalidate_all()
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "care.stay"), ("res_id", "=", self.stay_astrid.id)]
        )
        names = activities.activity_type_id.get_external_id()
        return {
            (names[a.activity_type_id.id].split("type_")[1], a.user_id.login)
            for a in activities
            if "type_" in names[a.activity_type_id.id]
        }

    def test_every_model_with_a_last_day_is_one_or_says_why_not(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("care.")
            and not (model._abstract or model._transient)
            and any(
                (field := model._fields.get(day))
                and field.type == "date"
                and field.store
                and not field.readonly
                for day in ("date_to", "valid_to")
            )
        }
        endings = {model._name for model in self.env["care.ending"]._models_ending()}
        self.assertEqual(models - OTHERS.keys(), endings)
        self.assertEqual(endings, self._values().keys())

    def test_b5_a_reminder_outlives_the_day(self):
        for model in self.env["care.ending"]._models_ending():
            with self.subTest(model._name):
                record, kind = self._make(model._name, 5), model._ends_type.split("type_")[1]
                approved = {"approved_by": "client"} if "approved_by" in model._fields else {}
                first, both = {(kind, "north_staff")}, {(kind, "north_staff"), ("ended", "north_manager")}
                for days, told in [(5, first), (-1, first), (-8, both)]:
                    record.write({model._ends_on: self._day(days), **approved})
                    self.assertEqual(self._told(), told, days)
                    self.assertEqual(record.has_ended, days < 0)
                self.stay_astrid.write({"date_to": self._day(-1)})
                self.assertFalse(self._told(), "the stay has ended")
                self.stay_astrid.write({"date_to": False})
                self.assertEqual(self._told(), both)
                self._as(self.north_manager, record).nothing_follows = "Behövs inte mer"
                self.assertFalse(self._told())
                self.assertFalse(record.has_ended)
                record.write({model._ends_on: self._day(-9), **approved})
                self.assertTrue(record.has_ended, "another end")
                self._as(self.north_manager, record).nothing_follows = "  "
                self.assertTrue(self._as(self.north_staff, record).has_ended)
                self._as(self.north_manager, record).nothing_follows = "Behövs inte mer"

    def test_what_follows_ends_the_reminder(self):
        ended = self._make("care.decision", -1)
        other = self._make("care.decision", 300, start=-90, legal_basis_id=self.escort.id)
        self.assertTrue(ended.has_ended, "other support goes on, this has ended")
        self._make("care.decision", 300, start=2)
        self.assertTrue(ended.has_ended, "what follows has not begun")
        self.assertEqual(self._told(), {("decision", "north_staff")})
        new = self._make("care.decision", 1, start=0)
        self.assertFalse(self._as(self.north_staff, ended).has_ended)
        self.assertFalse(ended.search([("has_ended", "=", True), ("client_id", "=", self.astrid.id)]))
        new.date_from, new.date_to = self._day(-3), self._day(-2)
        self.assertTrue(self._as(self.north_staff, ended).has_ended)
        other.date_from = self._day(-1)
        self.assertFalse(self._as(self.north_staff, ended).has_ended, "what comes after it takes over")

    def test_the_last_of_those_that_followed_one_another_speaks(self):
        first, last, double = (self._make("care.decision", end) for end in (-9, -1, -1))
        self.assertEqual((first | last | double).filtered("has_ended"), double)

    def test_a_consent_that_was_taken_back_has_not_ended_unnoticed(self):
        consent = self._make("care.consent", -1)
        self.assertTrue(consent.has_ended)
        consent.action_withdraw()
        self.assertFalse(self._as(self.north_staff, consent).has_ended)

    def test_a_consent_to_something_else_does_not_follow(self):
        health = self._make("care.consent", -5, scope="health")
        self._make("care.consent", 300, start=-2)
        self.assertTrue(self._as(self.north_staff, health).has_ended)

    def test_a_consent_that_was_given_anew_and_taken_back_is_a_no(self):
        before = self._make("care.consent", False, start=-200)
        with freeze_time(fields.Datetime.now() - timedelta(days=150)):
            before.action_withdraw()
        ended = self._make("care.consent", -5)
        self.assertTrue(self._as(self.north_staff, ended).has_ended, "that no was before")
        self._make("care.consent", False, start=-4).action_withdraw()
        self.assertFalse(self._as(self.north_staff, ended).has_ended)
        self.assertFalse(self._told())

    def test_nobody_is_told_ahead_of_what_is_seen_to(self):
        ending = self._make("care.decision", 5)
        self.assertEqual(self._told(), {("decision", "north_staff")})
        following = self._make("care.decision", 300, start=7)
        self.assertEqual(self._told(), {("decision", "north_staff")}, "a day is without")
        following.date_from = self._day(6)
        self.assertFalse(self._told())
        following.date_from = self._day(60)
        self._as(self.north_manager, ending).nothing_follows = "Flyttar"
        self.assertFalse(self._told())

    def test_the_same_last_day_is_the_same_end(self):
        ended = self._make("care.decision", -1)
        ended.nothing_follows = "Flyttar"
        ended.write({"date_to": str(ended.date_to), "hours_per_week": 3})
        self.assertEqual(ended.nothing_follows, "Flyttar")

    def test_relatives_come_and_go(self):
        relative = self._make("care.client.contact", -1, kind="relative", mandate=False)
        self.assertFalse(relative.has_ended)

    def test_b5_client_and_plan_say_what_has_ended(self):
        plan = self.env["care.plan"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "name": "Plan",
                "date_from": self._day(-20),
            }
        )
        for user in (self.north_staff, self.north_manager):
            self.assertFalse(self._as(user, self.astrid).ended_text)
            self.assertFalse(self._as(user, plan).ended_text)
        self._make("care.decision", -1)
        self._make("care.client.contact", -1)
        sentence = f"The decision LSS 9 § 9 ended on {self._day(-1)}."
        client = self._as(self.north_staff, self.astrid)
        self.assertEqual(len(client.ended_text.splitlines()), 2)
        self.assertIn(sentence, client.ended_text)
        self.assertIn(sentence, self._as(self.north_staff, plan).ended_text)
        self.assertNotIn("Maj", self._as(self.north_staff, plan).ended_text)

    def test_another_unit_is_told_nothing(self):
        self._stay(self.astrid, self.south, -5)
        self._make("care.decision", -1)
        self.assertTrue(self._as(self.north_staff, self.astrid).ended_text)
        self.assertFalse(self._as(self.south_manager, self.astrid).ended_text)
        self.assertFalse(
            self._as(self.south_manager, self.env["care.decision"]).search([("has_ended", "=", True)])
        )

    def test_the_crew_is_told_that_the_card_has_ended(self):
        self._make("care.night.card", -1)
        card = self._as(self.oncall_staff, self.env["care.client.card"]).search(
            [("client_id", "=", self.astrid.id)]
        )
        self.assertEqual((card.night_card_ended_on, card.what_helps), (self._day(-1), False))
