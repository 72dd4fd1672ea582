from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.landlord.care_disturbance import LADDER_STEPS
from ...models.landlord.care_disturbance_ladder import LADDER
from .test_care_disturbance import DisturbanceCase


@tagged("post_install", "-at_install")
class TestCareDisturbanceLadder(DisturbanceCase, TransactionCase):
    """From step to step, and never past the warning."""

    def test_the_ladder_follows_its_table(self):
        steps = [step for step, _label in LADDER_STEPS]
        self.assertEqual(set(LADDER) - {False}, set(steps))
        for before, allowed in LADDER.items():
            for step in steps:
                case = self._case(warned_at=self._day(-1), notified_at=self._day(0))
                case._write_decided({"ladder_step": before})
                with self.subTest(before=before, step=step):
                    if step in allowed:
                        getattr(case, f"action_{step}")()
                        self.assertEqual(case.ladder_step, step)
                    else:
                        with self.assertRaises(UserError):
                            getattr(case, f"action_{step}")()

    def test_a_warning_takes_both_days(self):
        """JB 12:25: the tenant is warned and the social board notified, always both."""
        for dates in ({}, {"warned_at": self._day(0)}, {"notified_at": self._day(0)}):
            case = self._case(**dates)
            with self.assertRaisesRegex(UserError, "JB 12:25"):
                case.action_warning()
            case._write_decided({"ladder_step": "meeting"})
            with self.assertRaisesRegex(UserError, "JB 12:25"):
                case.action_referral()
        case = self._case(warned_at=self._day(-1), notified_at=self._day(0))
        case.action_warning()
        for name in ("warned_at", "notified_at"):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                case[name] = False
                case.flush_recordset()
        with self.assertRaises(ValidationError):
            self._case(warned_at=self._day(2))
