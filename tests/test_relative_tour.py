from odoo.tests import HttpCase, tagged

from .relative_common import RelativeCase


class RelativeTourCase(RelativeCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one unit of each kind is left, as most providers have it
        (cls.cards | cls.other_relatives).active = False
        cls.relatives.member_ids.filtered(lambda member: member.user_id == cls.supporter).unlink()


@tagged("post_install", "-at_install")
class TestRelativeContactTour(RelativeTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_an_anonymous_call_on_a_phone(self):
        self.start_tour("/odoo/relative-contact", "care_relative_contact_tour", login="supporter")
        contact = self.env["care.relative.contact"].search([("unit_id", "=", self.line.id)])
        self.assertEqual(
            (contact.form, contact.minutes, contact.relation, contact.age_band, contact.need_code),
            ("call", 30, "sibling", "45_64", "respite"),
        )
        self.assertEqual(contact.mode, "none")


@tagged("post_install", "-at_install")
class TestCareReferralTour(RelativeTourCase):
    def test_housing_support_refers_a_relative(self):
        self.start_tour(
            "/odoo/action-social_care.care_referral_send_action", "care_referral_tour", login="north_staff"
        )
        referral = self.env["care.referral"].search([("unit_id", "=", self.relatives.id)])
        self.assertEqual(
            (referral.relative_name, referral.wish, referral.consent_by), ("Gun Ek", "En grupp", "Gun Ek")
        )
        self.assertEqual(referral.receipt_id.state, "sent")
