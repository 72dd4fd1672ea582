from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareDecisionOffer(CarePlanCase, TransactionCase):
    """LSS 10 §: an individual plan is offered at every granted support, and a no is recorded."""

    def setUp(self):
        super().setUp()
        self.lss = self.env["care.legal.basis"].search([("law", "=", "1993:387")], limit=1)
        self.decision = self._decision(
            self.astrid, self.north, legal_basis_id=self.lss.id, date_from=self._day(-20)
        )

    def _reminders(self):
        self.stay_astrid._update_plan_reminders()
        offer = self.env.ref("social_care.activity_plan_offer")
        found = self.stay_astrid.activity_ids.filtered(lambda activity: activity.activity_type_id == offer)
        return found.mapped("user_id.login")

    def test_the_act_decides_and_the_provider_may_say_otherwise(self):
        assessed = self.env.ref("social_care.legal_basis_sol_11_1")
        self.assertTrue(self.lss.offers_plan)
        self.assertFalse(assessed.offers_plan)
        self.lss.offers_plan = False
        self.assertFalse(self._reminders())

    def test_the_contact_person_is_reminded_until_the_answer_is_recorded(self):
        self.assertEqual(self._reminders(), ["north_staff"])
        self.assertEqual(self._reminders(), ["north_staff"], "one, not two")
        self._as(self.anna, self.decision).action_record_plan_offer("no", note="Inte nu")
        self.env.invalidate_all()
        self.assertFalse(self.stay_astrid.activity_ids.filtered(lambda a: a.summary and "LSS" in a.summary))
        self.assertEqual(
            (
                self.decision.plan_offered_on,
                self.decision.plan_offered_by_id,
                self.decision.plan_offer_answer,
            ),
            (self.today, self.anna, "no"),
        )
        self.assertEqual(self.decision.plan_offer_note, "Inte nu")
        self._as(self.north_manager, self.decision).action_record_plan_offer("yes")
        self.assertEqual(self.decision.plan_offer_answer, "yes", "offered again")

    def test_who_records_it(self):
        colleague = self._user("colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        for user in (colleague, self.south_staff, self.south_manager, self.oncall_staff, self.care_admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.decision).action_record_plan_offer("yes")
            with self.assertRaises(AccessError):
                self._as(user, self.decision).write({"plan_offer_answer": "yes"})
        with self.assertRaises(AccessError):
            self._as(colleague, self.decision).sudo().action_record_plan_offer("yes")
        self._lockout(self.astrid, self.anna)  # and is the contact person still
        with self.assertRaises(AccessError):
            self._once_open(self.anna, self.decision).action_record_plan_offer("yes")
        self.assertFalse(self.decision.plan_offer_answer)

    def test_what_cannot_have_been(self):
        decision = self._as(self.anna, self.decision)
        for answer, day in (("maybe", None), (None, None), ("yes", self._day(1)), ("yes", self._day(-21))):
            with self.assertRaises(UserError):
                decision.action_record_plan_offer(answer, day)
        other = self._decision(self.astrid, self.north, date_from=self._day(-5))
        with self.assertRaises(UserError):
            self._as(self.anna, other).action_record_plan_offer("yes")

    def test_the_dialog(self):
        action = self._as(self.anna, self.decision).action_open_plan_offer()
        wizard = (
            self.env["care.decision.offer"]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({"answer": "yes", "offered_on": self._day(-1)})
        )
        wizard.action_record()
        self.assertEqual(self.decision.plan_offered_on, self._day(-1))
