from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .test_care_disturbance import DisturbanceCase


class RetentionCase:
    """An approved retention run of two persons."""

    def _approved_run(self, *records):
        officer = self.privacy_officer
        second = self._user("second_officer", "social_care.group_privacy_officer")
        run = self._as(officer, self.env["care.retention.run"]).create(
            {
                "reason": "Två år har gått",
                "source": "Avtalet med hyresvärden",
                "line_ids": [
                    Command.create({"model": record._name, "res_id": record.id}) for record in records
                ],
            }
        )
        run.action_propose()
        self._as(officer, run).action_approve()
        self._as(second, run).action_approve()
        return self._as(officer, run)

    def _assert_refused(self, *statements):
        self.env.flush_all()
        for statement, parameters in statements:
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement, parameters)


@tagged("post_install", "-at_install")
class TestCareDisturbanceFrozen(RetentionCase, DisturbanceCase, TransactionCase):
    def test_a_closed_case_is_fixed_in_the_database(self):
        case = self._case(measures="Vi ringde på.")
        case.action_close()
        self._assert_refused(
            *(
                (f"UPDATE care_disturbance SET {name} = NULL WHERE id = %s", (case.id,))  # noqa: S608
                for name in (field.name for field in case._frozen_fields())
                if case[name]
            ),
            ("UPDATE care_disturbance SET measures = 'annat' WHERE id = %s", (case.id,)),
            ("UPDATE care_disturbance SET state = 'open', measures = 'annat' WHERE id = %s", (case.id,)),
            ("DELETE FROM care_disturbance WHERE id = %s", (case.id,)),
        )

    def test_the_lawful_moves_pass(self):
        case = self._as(self.oncall_staff, self._case())
        case.action_close()
        self.env.flush_all()
        case.action_reopen()
        case.measures = "Kompletterat"
        case.action_close()
        case.message_post(body="Brevet kom i retur.")
        case.activity_schedule("mail.mail_activity_data_todo")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((case.state, case.measures), ("closed", "Kompletterat"))

    def test_only_an_approved_run_deletes_a_case(self):
        shift = self._shift()
        case, other = self._case(), self._case("Väg 2")
        event = self._event(shift, disturbance_id=case.id, reason="disturbance")
        event.action_done()
        self._as(self.oncall_lead, shift).action_close()
        case.action_close()
        for record in (case, other):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        run = self._approved_run(case)
        self.assertEqual(run.line_ids.reference, case.reference)
        run.action_execute()
        self.env.invalidate_all()
        self.assertFalse(case.exists())
        self.assertTrue(event.exists(), "the log of the closed shift stays")
        self.assertFalse(event.disturbance_id)
        self.assertTrue(other.exists())
