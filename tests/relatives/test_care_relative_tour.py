from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_relative import RelativeCase


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


@tagged("post_install", "-at_install")
class TestRelativeGroupTour(RelativeTourCase):
    """A referral from housing support that ends in a group, of which the sender learns nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._member(cls.relatives, cls.supporter)
        cls.line.member_ids.filtered(lambda member: member.user_id == cls.supporter).unlink()
        cls.group = cls.env["care.support.group"].create(
            {"unit_id": cls.relatives.id, "name": "Onsdagsgruppen", "places": 2}
        )
        cls.meeting = cls.env["care.support.session"].create({"group_id": cls.group.id, "theme": "Sömn"})

    def test_from_a_referral_to_a_group(self):
        receipt = self._send()
        self.start_tour("/odoo/relative-referrals", "care_referral_to_group_tour", login="supporter")
        seen = self._as(self.north_manager, receipt).read()
        person = self.env["care.support.participant"].search([("group_id", "=", self.group.id)])
        self.assertEqual((person.name, person.state, person.case_id.name), ("Gun Ek", "waiting", "Gun Ek"))
        self.start_tour("/odoo/relative-groups", "care_support_group_tour", login="supporter")
        self.env.invalidate_all()
        self.assertEqual((person.state, self.meeting.head_count), ("joined", 1))
        self.assertEqual(self.meeting.present_ids, person)
        self.assertEqual(self._as(self.north_manager, receipt).read(), seen, "the sender learns nothing")
        self.assertEqual(seen[0]["state"], "received")


@tagged("post_install", "-at_install")
class TestCareOutreachTour(RelativeTourCase):
    def test_a_round_whose_names_go(self):
        self._member(self.relatives, self.supporter)
        outreach = self.env["care.outreach"].create(
            {
                "unit_id": self.relatives.id,
                "name": "Vårbrevet",
                "purpose": "Förebygga ensamhet",
                "source": "Folkbokföringen",
                "offered": "Ett besök",
                "erase_on": self._day(30),
            }
        )
        line = self.env["care.outreach.line"].create({"outreach_id": outreach.id, "name": "Åke Sund"})
        self.start_tour("/odoo/relative-outreach", "care_outreach_tour", login="supporter")
        self.env.invalidate_all()
        self.assertEqual((line.answer, line.name, line.erased), ("no", False, True))
        self.assertTrue(outreach.erased_at)
        self.assertEqual(
            self.env["care.outreach.refusal"].search_count([("unit_id", "=", self.relatives.id)]), 1
        )


@tagged("post_install", "-at_install")
class TestRelativeYearTour(RelativeTourCase):
    def test_the_board_s_report_opens(self):
        self.start_tour(
            "/odoo/action-social_care.care_relative_year_action", "care_relative_year_tour", login="supporter"
        )
        wizard = self._supporter("care.relative.year").create({})
        self.authenticate("supporter", "supporter")
        page = self.url_open(f"/report/html/social_care.care_relative_year_report/{wizard.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(str(wizard.year), page.text)
        self.authenticate("north_manager", "north_manager")
        with mute_logger("odoo.http"):
            refused = self.url_open(f"/report/html/social_care.care_relative_year_report/{wizard.id}")
        self.assertNotEqual(refused.status_code, 200)
