from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..common_relative import RelativeCase

SECRETS = ("Gun Ek", "070-174 06 60", "Någon att prata med")


@tagged("post_install", "-at_install")
class TestCareReferral(RelativeCase, TransactionCase):
    """The sender learns that the referral was received, and with every tool of Odoo's nothing more."""

    def test_the_sender_keeps_a_receipt_and_the_supporter_gets_the_referral(self):
        receipt = self._send()
        referral = self._referral(receipt)
        self.assertEqual(
            (receipt.state, receipt.unit_id, receipt.to_unit_id), ("sent", self.north, self.relatives)
        )
        self.assertEqual(referral.due_on, self.today + timedelta(days=self.rule("referral_contact")))
        seen = self._as(self.supporter, referral).read(
            ["relative_name", "phone", "consent_by", "consent_how"]
        )[0]
        self.assertEqual((seen["relative_name"], seen["consent_how"]), ("Gun Ek", "oral"))
        self.assertEqual(referral.activity_ids.user_id, self.supporter)
        self.assertEqual(referral.activity_ids.summary, receipt.reference)

    def test_the_wizard_leaves_nothing_behind(self):
        form = Form(self._as(self.north_staff, self.env["care.referral.send"]))
        form.relative_name, form.phone, form.consent = "Gun Ek", "070-174 06 60", True
        form.unit_id = self.relatives
        wizard = form.save()
        wizard.action_send()
        self.assertFalse(wizard.exists())
        self.assertEqual(
            self.env["care.referral"].search([("unit_id", "=", self.relatives.id)]).consent_by, "Gun Ek"
        )

    def test_the_way_of_a_referral_shows_on_the_receipt_alone(self):
        receipt = self._send()
        referral = self._as(self.supporter, self._referral(receipt))
        referral.action_receive()
        self.assertEqual((receipt.sudo().state, receipt.sudo().date_received), ("received", self.today))
        referral.action_contacted()
        self.assertEqual(
            receipt.sudo().state, "received", "that they have talked is not the sender's business"
        )
        self.assertEqual((referral.state, referral.wait_days), ("contacted", 0))
        self.assertFalse(referral.sudo().activity_ids)
        referral.action_close("group")
        self.assertEqual((receipt.sudo().state, receipt.sudo().date_closed), ("closed", self.today))
        self.assertEqual(
            receipt.sudo().write_uid, self.env.ref("base.user_root"), "no supporter's name is on it"
        )

    def test_no_supporter_s_name_reaches_the_receipt_by_any_of_the_verbs(self):
        """Odoo notes as the writer whoever sends a pending write to the database."""
        root = self.env.ref("base.user_root")
        for verbs in (("action_receive",), ("action_contacted",), ("action_contacted", "action_close")):
            receipt = self._send()
            referral = self._as(self.supporter, self._referral(receipt))
            for verb in verbs:
                getattr(referral, verb)()
                referral.env.flush_all()
            seen = self._as(self.north_manager, receipt).read(["create_uid", "write_uid"])[0]
            self.assertEqual({seen["create_uid"][0], seen["write_uid"][0]}, {root.id}, verbs)

    def test_nothing_is_sent_without_a_yes(self):
        for wrong in ({"consent": False}, {"consent_by": " "}, {"consent_how": False}, {"phone": ""}):
            with self.assertRaises(UserError):
                self._send(**wrong)
        self.assertFalse(self.env["care.referral"].search([("unit_id", "=", self.relatives.id)]))

    def test_one_sends_from_one_s_own_unit_to_a_unit_that_keeps_names(self):
        for user, wrong in (
            (self.north_staff, {"from_unit_id": self.south.id}),
            (self.privacy_officer, {}),
            (self.care_admin, {}),
        ):
            with self.assertRaises(AccessError):
                self._send(user, **wrong)
        for unit, sentence in (
            (self.line, "keeps no names"),
            (self.cards, "keeps no names"),
            (self.south, "Choose a relative-support unit"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._send(unit_id=unit.id)
        self.assertEqual(self._send(self.oncall_staff, from_unit_id=self.oncall.id).state, "sent")

    def test_who_sees_the_receipt(self):
        receipt = self._send()
        for user in (self.north_staff, self.north_manager):
            self.assertEqual(self._as(user, receipt).read(["state"])[0]["state"], "sent")
        colleague = self._user("colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        for user in (colleague, self.south_manager, self.oncall_lead, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, receipt).read(["state"])
        self.north.member_ids.filtered(lambda member: member.user_id == self.north_staff).date_to = self._day(
            -1
        )
        with self.assertRaises(AccessError):
            self._as(self.north_staff, receipt).read(["state"])

    def test_nobody_writes_a_receipt(self):
        receipt = self._send()
        for user in (self.north_staff, self.north_manager, self.supporter):
            for act in (
                lambda r: r.write({"state": "closed"}),
                lambda r: r.unlink(),
                lambda r: r.create(
                    {"reference": "R-1", "unit_id": self.north.id, "to_unit_id": self.relatives.id}
                ),
            ):
                with self.assertRaises(AccessError):
                    act(self._as(user, receipt))

    def test_the_referral_bears_no_mark_of_the_sender_that_odoo_would_follow(self):
        """Author, follower, message and activity are the superuser's; only a supporter sees who sent it."""
        referral = self._referral(self._send())
        self.assertEqual((referral.create_uid | referral.write_uid), self.env.ref("base.user_root"))
        self.assertFalse(self.env["mail.followers"].search([("res_model", "=", "care.referral")]))
        self.assertNotIn(self.north_staff.partner_id, referral.message_ids.author_id)
        self.assertNotIn(self.north_staff, referral.activity_ids.create_uid)
        self.assertEqual(referral.sender_id, self.north_staff)

    def test_a_caller_s_context_changes_nothing(self):
        receipts = self._as(self.north_staff, self.env["care.referral.receipt"]).with_context(
            default_state="closed",
            default_mode="none",
            default_sender_id=self.supporter.id,
            default_receipt_id=1,
            default_responsible_id=self.north_staff.id,
            mail_activity_quick_update=True,
        )
        receipt = receipts.send_referral(
            {
                "from_unit_id": self.north.id,
                "unit_id": self.relatives.id,
                "relative_name": "Gun Ek",
                "phone": "070-174 06 60",
                "consent": True,
                "consent_by": "Gun Ek",
                "consent_how": "oral",
                "responsible_id": self.north_staff.id,
                "state": "closed",
            }
        )
        referral = self._referral(receipt)
        self.assertEqual(
            (receipt.state, referral.state, referral.sender_id), ("sent", "sent", self.north_staff)
        )
        self.assertFalse(referral.responsible_id)

    def test_references_tell_no_order_and_no_number(self):
        codes = [self._send().reference for _i in range(5)]
        self.assertEqual(len(set(codes)), 5)
        self.assertFalse(self.env["ir.sequence"].search([("code", "like", "care.referral")]))
        self.assertTrue(all(len(code) == 8 and code.startswith("R-") for code in codes))

    def test_every_tool_of_odoo_s_in_the_hands_of_the_sending_unit(self):
        """Mail, activities, followers, attachments, log lines, defaults, exports, searches by another road."""
        receipt = self._send()
        referral = self._referral(receipt)
        self._as(self.supporter, referral).action_receive()
        self.env.flush_all()
        self.env.ref("base.group_allow_export").user_ids |= self.north_manager | self.north_staff
        for user in (self.north_staff, self.north_manager):
            self.assertFalse(
                self._as(user, self.env["mail.message"]).search([("model", "=", "care.referral")]), user.login
            )
            self.assertFalse(
                self._as(user, self.env["mail.activity"]).search([("res_model", "=", "care.referral")]),
                user.login,
            )
            self.assertFalse(
                self._as(user, self.env["ir.attachment"]).search([("res_model", "=like", "care.re%")]),
                user.login,
            )
            for model in ("mail.mail", "ir.logging", "mail.tracking.value"):
                with self.assertRaises(AccessError):
                    self._as(user, self.env[model]).search([], limit=1)
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.referral"]).search([("receipt_id", "=", receipt.id)])
            row = self._as(user, receipt).read()[0]
            self.assertFalse([secret for secret in SECRETS if secret in str(row)], row)

    def test_the_number_of_contacts_and_referrals_shows_nowhere_on_a_unit(self):
        before = self._as(self.north_manager, self.relatives).read()[0]
        self._send()
        self.env["care.relative.contact"].create({"unit_id": self.relatives.id})
        self.assertEqual(self._as(self.north_manager, self.relatives).read()[0], before)

    def test_state_moves_only_by_its_verbs(self):
        referral = self._as(self.supporter, self._referral(self._send()))
        for values in (
            {"state": "closed"},
            {"receipt_id": False},
            {"sender_id": self.supporter.id},
            {"consent": False},
        ):
            with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
                referral.write(values)
        for user in (self.north_staff, self.north_manager, self.other_supporter, self.privacy_officer):
            for verb in ("action_receive", "action_contacted", "action_close", "action_open_case"):
                with self.assertRaises(AccessError):
                    getattr(self._once_open(user, referral), verb)()
        referral = self._as(self.supporter, referral)
        referral.action_close("declined")
        for verb in ("action_receive", "action_contacted", "action_close"):
            with self.assertRaises(UserError):
                getattr(referral, verb)()

    def test_a_case_comes_of_it_and_the_sender_does_not_know(self):
        receipt = self._send()
        referral = self._as(self.supporter, self._referral(receipt))
        before = self._as(self.north_staff, receipt).read()
        case = self.env["care.relative.case"].browse(referral.action_open_case()["res_id"])
        self.assertEqual((case.name, case.unit_id), ("Gun Ek", self.relatives))
        self.assertEqual(referral.action_open_case()["res_id"], case.id, "twice gives the same case")
        self.assertEqual(self._as(self.north_staff, receipt).read(), before)

    def test_whoever_waits_too_long_is_told_to_the_whole_relative_unit_once(self):
        colleague = self._user("colleague", "social_care.group_relative_support")
        self._member(self.relatives, colleague, "manager")
        receipt = self._send()
        referral = self._referral(receipt)
        self.env.cr.execute(
            "UPDATE care_referral SET due_on = %s WHERE id = %s", [self._day(-1), referral.id]
        )
        self.env.invalidate_all()
        self.assertTrue(referral.is_late)
        cron = self.env.ref("social_care.care_referral_cron_escalate")
        for _again in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(referral.activity_ids.user_id, self.supporter | colleague)
        self.assertEqual(len(referral.activity_ids), 3, "the first reminder and one each")
        self.assertEqual(receipt.sudo().state, "sent", "the sender does not learn that we are late")

    def test_names_go_some_time_after_it_was_closed(self):
        referral = self._referral(self._send())
        self._as(self.supporter, referral).write({"relative_name": False})  # the number alone is left
        self._as(self.supporter, referral).action_close("talk")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_referral SET closed_on = %s WHERE id = %s", [self._day(-91), referral.id]
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_referral_cron_erase").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            [referral[name] for name in ("relative_name", "phone", "wish", "consent_by")], [False] * 4
        )
        self.assertEqual(referral.outcome, "talk")

    def test_a_yes_that_is_taken_back_leaves_no_name(self):
        referral = self._referral(self._send())
        self._as(self.supporter, referral).action_close("declined")
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM care_referral WHERE id = %s", [referral.id])
        row = str(self.env.cr.fetchall())
        self.assertFalse([secret for secret in SECRETS if secret in row])
        for vals in (
            {"relative_name": "Gun Ek"},
            {"phone": "070-174 06 60"},
            {"wish": "Någon att prata med"},
        ):
            with self.assertRaises(UserError):
                self._as(self.supporter, referral).write(vals)

    def test_no_messages_on_a_referral(self):
        referral = self._as(self.supporter, self._referral(self._send()))
        with self.assertRaises(UserError):
            referral.message_post(body="Gun Ek mår dåligt")
