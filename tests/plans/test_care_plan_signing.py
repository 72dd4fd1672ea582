import base64
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..common_plan import PIXEL, CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlanSigning(CarePlanCase, TransactionCase):
    """Nobody signs for someone else, and who wrote a plan does not alone put it in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._user("colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.colleague)

    def setUp(self):
        super().setUp()
        self.plan = self._plan()
        self._propose(self.plan)

    def test_each_party_once_under_the_shown_content(self):
        signature = self._sign(self.plan, "client")
        self.assertEqual(signature.signer_name, "Astrid Ek", "the name comes from the file")
        self.assertEqual((signature.content_hash, signature.user_id), (self.plan.content_hash, self.anna))
        with self.assertRaises(UserError):
            self._sign(self.plan, "client")
        for content_hash in ("x" * 64, "", None):
            with self.assertRaises(UserError):
                self._sign(self.plan, "contact_person", content_hash=content_hash)
        self.assertEqual(self.plan.state, "proposed")

    def test_the_contact_person_signs_in_person(self):
        for user in (self.colleague, self.north_manager):
            with self.assertRaises(AccessError):
                self._sign(self.plan, "contact_person", user=user)
            with self.assertRaises(AccessError):
                self._as(user, self.plan).sudo().action_sign(
                    "contact_person", "agreed", "drawn", self.plan.content_hash, image=PIXEL
                )
        self._sign(self.plan, "client", user=self.colleague)
        self._sign(self.plan, "contact_person")
        self.assertEqual(self.plan.state, "active")

    def test_the_content_speaks_a_language_that_is_installed(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        english, swedish = ("en_US", "English (US)"), ("sv_SE", "Svenska")
        for client, installed, expected in (
            ("sv_SE", [english, swedish], "sv_SE"),
            ("sv_SE", [english], "en_US"),
            (False, [english], "en_US"),
            (False, [swedish], "sv_SE"),
        ):
            self.plan.client_id.lang = client
            plan = self.plan.with_context(lang=None)
            with (
                self.subTest(client=client, installed=installed),
                patch.object(
                    self.registry["res.lang"], "get_installed", lambda _self, found=installed: found
                ),
            ):
                self.assertEqual(plan._client_lang(), expected)

    def test_dialogs_and_reports_speak_the_readers_language(self):
        """A selection that is taken over from another model is not translated by itself."""
        self.env["res.lang"]._activate_lang("sv_SE")
        for model, name, value in (
            ("care.plan.sign", "role", "client"),
            ("care.contact.person.change", "chosen_by", "client"),
            ("care.stay.end", "end_reason", "deceased"),
            ("care.visit.report", "own_level", "help"),
            ("care.visit", "day_part", "morning"),
        ):
            labels = [
                dict(self.env[model].with_context(lang=lang).fields_get([name])[name]["selection"])[value]
                for lang in ("en_US", "sv_SE")
            ]
            with self.subTest(model=model, name=name):
                self.assertNotEqual(*labels)

    def test_a_former_contact_person_does_not_sign(self):
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        contact.date_to = self._day(-1)
        with self.assertRaises(AccessError):
            self._sign(self.plan, "contact_person")

    def test_nobody_outside_signs(self):
        for user in (self.south_staff, self.oncall_staff, self.privacy_officer, self.care_admin):
            with self.assertRaises(AccessError):
                self._sign(self.plan, "client", user=user)

    def test_a_representative_signs_while_the_mandate_holds(self):
        god_man = self.env["care.client.contact"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "kind": "representative",
                "mandate": "god_man",
                "name": "Gunnar God",
                "date_to": self._day(-1),
                "date_from": self._day(-10),
            }
        )
        relative = self.env["care.client.contact"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Syster"}
        )
        for contact in (god_man, relative, relative.browse()):
            with self.assertRaises(UserError):
                self._sign(self.plan, "representative", contact_id=contact.id)
        god_man.write({"date_to": False, "scope": "economy"})
        with self.assertRaises(UserError):
            self._sign(self.plan, "representative", contact_id=god_man.id)
        god_man.scope = "care"
        wizards = self._as(self.anna, self.env["care.plan.sign"]).with_context(default_plan_id=self.plan.id)
        with Form(wizards) as form:
            form.role = "representative"
            self.assertEqual(form.contact_id, god_man, "nobody else can be chosen")
            form.image = PIXEL
        signature = self._sign(self.plan, "representative", contact_id=god_man.id)
        self.assertEqual(signature.signer_name, "Gunnar God")
        self._sign(self.plan, "contact_person")
        self.assertEqual((self.plan.state, self.plan.agreement), ("active", "agreed"))

    def test_what_is_not_agreed_has_a_note(self):
        for outcome in ("declined", "could_not"):
            with self.assertRaises(UserError):
                self._sign(self.plan, "client", outcome)
        self._sign(self.plan, "client", "declined", note="Vill inte ha städdag på måndag")
        self.assertEqual(self.plan.agreement, "declined")
        self._sign(self.plan, "contact_person")
        self.assertEqual(self.plan.state, "proposed")

    def test_a_no_is_not_overruled_by_a_representative(self):
        god_man = self.env["care.client.contact"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "kind": "representative",
                "mandate": "god_man",
                "name": "Gunnar God",
            }
        )
        self._sign(self.plan, "client", "declined", note="Nej")
        self._sign(self.plan, "representative", contact_id=god_man.id)
        self._sign(self.plan, "contact_person")
        self.assertEqual((self.plan.state, self.plan.agreement), ("proposed", "declined"))

    def test_each_method_needs_its_proof(self):
        for kwargs in (
            {"method": "drawn", "image": None},
            {"method": "paper"},
            {"method": "oral"},
            {"method": "oral", "witness_id": self.anna.id},
            {"method": "oral", "witness_id": self.south_staff.id},
            {"method": "telepathy"},
        ):
            with self.assertRaises(UserError):
                self._sign(self.plan, "client", **kwargs)
        for role in ("client", "contact_person"):
            with self.assertRaises(AccessError):
                self._sign(self.plan, role, method="portal")
        with self.assertRaisesRegex(UserError, "A plan is signed by the client, a representative or"):
            self._sign(self.plan, "friend")
        signature = self._sign(self.plan, "client", method="paper", scan=PIXEL)
        self.assertTrue(signature.attachment_id.raw)
        self.assertEqual(signature.attachment_id.mimetype, "image/jpeg")
        self.assertFalse(signature.image)

    def test_what_is_signed_is_a_picture_and_no_page(self):
        script = b"<script>alert(1)</script>"
        for content in (
            b'<svg xmlns="http://www.w3.org/2000/svg">' + script + b"</svg>",
            b"<!DOCTYPE html><html>" + script + b"</html>",
            b"GIF89a" + script,
            b"",
        ):
            for kwargs in (
                {"method": "drawn", "image": base64.b64encode(content)},
                {"method": "paper", "scan": base64.b64encode(content)},
            ):
                for user in (self.anna, self.env.ref("base.user_admin")):
                    with self.subTest(content=content, method=kwargs["method"]), self.assertRaises(UserError):
                        self._as(self.anna, self.plan).with_user(user).sudo(user != self.anna).action_sign(
                            "client", "agreed", content_hash=self.plan.content_hash, **kwargs
                        )
        hidden = base64.b64encode(base64.b64decode(PIXEL) + script)
        signature = self._sign(self.plan, "client", image=hidden)
        image = base64.b64decode(signature.with_context(bin_size=False).image)
        self.assertTrue(image.startswith(b"\x89PNG"))
        self.assertNotIn(b"script", image)
        self.assertTrue(signature._is_whole())
        pdf = base64.b64encode(b"%PDF-1.4 x")
        signature = self._sign(self.plan, "contact_person", method="paper", scan=pdf)
        self.assertEqual(signature.attachment_id.mimetype, "application/pdf")

    def test_every_picture_that_somebody_sends_is_made_anew(self):
        """What a user can write into a stored file of ours is a picture; other files the app makes itself."""
        written = {
            f"{name}.{field.name}": field
            for name, model in self.env.registry.items()
            if name.startswith("care.") and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "binary" and field.store and not field.readonly
        }
        self.assertFalse([name for name, field in written.items() if not isinstance(field, fields.Image)])
        svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
        walk = self.env["care.safety.walk"].create({"unit_id": self.oncall.id, "area_id": self.area.id})
        place = {"walk_id": walk.id, "place": "Cykelrum", "category": "light"}
        point = self.env["care.safety.walk.point"].create(place)
        self.assertEqual({name.rpartition(".")[0] for name in written}, {point._name})
        for field in written.values():
            with self.assertRaises(UserError), self.cr.savepoint():
                point.write({field.name: svg})
            with self.assertRaises(UserError), self.cr.savepoint():
                point.create({**place, field.name: svg})
            point.write({field.name: PIXEL})
            self.assertTrue(base64.b64decode(point[field.name]).startswith(b"\xff\xd8"), "a JPEG")

    def test_a_contact_person_who_is_locked_out_signs_nothing(self):
        self._lockout(self.astrid, self.anna)
        for role in ("client", "contact_person"):
            plan = self._once_open(self.anna, self.plan)
            with self.subTest(role=role), self.assertRaises(AccessError):
                plan.action_sign(role, "agreed", "drawn", content_hash=plan.content_hash, image=PIXEL)
        self.assertFalse(self.plan.signature_ids)

    def test_an_oral_answer_counts_when_the_second_has_confirmed(self):
        signature = self._sign(self.plan, "client", method="oral", witness_id=self.colleague.id)
        self._sign(self.plan, "contact_person")
        self.assertEqual((self.plan.state, self.plan.agreement), ("proposed", "pending"))
        for user in (self.anna, self.north_manager):
            with self.assertRaises(AccessError):
                self._as(user, signature).action_confirm()
        with self.assertRaises(UserError):
            self._sign(self.plan, "contact_person", method="oral", witness_id=self.colleague.id)
        self.assertTrue(self._as(self.colleague, signature).waits_for_me)
        self._as(self.colleague, signature).action_confirm()
        self.assertEqual((self.plan.state, self.plan.agreement), ("active", "agreed"))
        with self.assertRaisesRegex(UserError, "You have confirmed this already"):
            self._as(self.colleague, signature).action_confirm()

    def test_only_who_can_open_the_plan_hears_for_it(self):
        """A protected person's plan is open to few; whom it is closed to could never confirm."""
        wizards = self._as(self.anna, self.env["care.plan.sign"])
        wizard = wizards.create(
            {
                "plan_id": self.plan.id,
                "role": "client",
                "method": "oral",
                "content_hash": self.plan.content_hash,
            }
        )
        self.assertEqual(wizard.witness_user_ids, self.colleague | self.north_manager)
        self.astrid.protection_level = "marked"
        wizard.invalidate_recordset()
        self.assertEqual(wizard.witness_user_ids, self.north_manager)
        with self.assertRaises(UserError):
            self._sign(self.plan, "client", method="oral", witness_id=self.colleague.id)
        signature = self._sign(self.plan, "client", method="oral", witness_id=self.north_manager.id)
        self._as(self.north_manager, signature).action_confirm()
        self.assertTrue(signature.witnessed_at)

    def _witness_reminders(self):
        reminders = self.env["mail.activity"].search(
            [
                ("res_model", "=", "care.stay"),
                ("res_id", "=", self.stay_astrid.id),
                ("activity_type_id", "=", self.env.ref("social_care.activity_plan_witness").id),
            ]
        )
        return reminders.mapped("user_id.login")

    def test_the_second_staff_is_reminded_until_the_answer_is_confirmed(self):
        self._sign(self.plan, "client", method="oral", witness_id=self.colleague.id)
        self._sign(self.plan, "contact_person")
        self.assertEqual(self._witness_reminders(), ["colleague"])
        answer = self._as(self.colleague, self.stay_astrid).oral_answer
        self.assertIn(f"{self.plan.reference}: The client: agrees.", answer)
        self.assertFalse(self._as(self.anna, self.stay_astrid).oral_answer)
        self.assertFalse(self._as(self.anna, self.plan).waits_for_me)
        self._as(self.anna, self.stay_astrid).action_confirm_oral()
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, "proposed", "who is not named confirms nothing")
        self.assertTrue(self._as(self.colleague, self.plan).waits_for_me)
        self._as(self.colleague, self.stay_astrid).action_confirm_oral()
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, "active")
        self.assertFalse(self._witness_reminders())

    def test_a_proposal_that_is_taken_back_waits_for_nobody(self):
        self._sign(self.plan, "client", method="oral", witness_id=self.colleague.id)
        self._as(self.anna, self.plan).action_return()
        self.env.invalidate_all()
        self.assertFalse(self._witness_reminders())
        self.assertFalse(self._as(self.colleague, self.stay_astrid).oral_answer)
        self._propose(self.plan)
        self._sign(self.plan, "client", method="oral", witness_id=self.colleague.id)
        self.assertEqual(self._witness_reminders(), ["colleague"], "one, not two")
        self._as(self.colleague, self.plan).action_confirm_oral()
        self.env.invalidate_all()
        self.assertEqual(self.plan.agreement, "agreed")
        self.assertFalse(self._witness_reminders())

    def test_without_the_clients_agreement_a_manager_with_a_reason(self):
        self._sign(self.plan, "client", "could_not", note="Sover dygnet runt")
        with self.assertRaises(UserError):
            self._as(self.north_manager, self.plan).action_activate("Stödet behövs nu")
        self._sign(self.plan, "contact_person")
        for user in (self.anna, self.colleague):
            with self.assertRaises(AccessError):
                self._as(user, self.plan).action_activate("Stödet behövs nu")
        for reason in (None, "", "  "):
            with self.assertRaises(UserError):
                self._as(self.north_manager, self.plan).action_activate(reason)
        self._as(self.north_manager, self.plan).action_activate("Stödet behövs nu")
        self.assertEqual((self.plan.state, self.plan.agreement), ("active", "could_not"))
        self.assertTrue(self.plan.without_agreement)
        self.assertEqual(self.plan.activation_reason, "Stödet behövs nu")

    def test_a_manager_does_not_put_own_plan_in_force(self):
        self._as(self.anna, self.plan).action_return()
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        contact.date_to = self._day(-1)
        self.env.flush_all()
        self._contact_person(self.astrid, self.north, self.north_manager, start=0)
        plan = self._as(self.north_manager, self.plan)
        plan.line_ids.write({"how": "Som jag säger"})
        plan.action_propose()
        self.env.invalidate_all()
        self._sign(self.plan, "client", "declined", note="Nej", user=self.north_manager)
        self._sign(self.plan, "contact_person", user=self.north_manager)
        with self.assertRaises(AccessError):
            self._as(self.north_manager, self.plan).action_activate("Stödet behövs nu")
        boss = self._user("boss", "social_care.group_care_manager")
        self._member(self.north, boss, "manager")
        self._as(boss, self.plan).action_activate("Stödet behövs nu")
        self.assertTrue(self.plan.without_agreement)

    def test_the_wizard_signs_for_who_is_next(self):
        for role in ("client", "contact_person"):
            wizards = self._as(self.anna, self.env["care.plan.sign"]).with_context(
                default_plan_id=self.plan.id
            )
            with Form(wizards) as form:
                self.assertEqual(form.role, role)
                form.image = PIXEL
            form.record.action_sign()
            self.env.invalidate_all()
        self.assertEqual(self.plan.state, "active")
