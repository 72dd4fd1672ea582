from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .test_care_safety_walk import WalkCase


@tagged("post_install", "-at_install")
class TestCareSafetyWalkPointStates(WalkCase, TransactionCase):
    """What becomes of a point."""

    def test_point_verbs_follow_the_table(self):
        verbs = {
            "decided": "action_decide",
            "done": "action_done",
            "declined": "action_decline",
            "open": "action_reopen",
        }
        transitions = self.env["care.safety.walk.point"]._transitions
        self.assertEqual(set(verbs), set(transitions))
        walk = self._walk()
        for before, allowed in transitions.items():
            for after, verb in verbs.items():
                point = self._point(walk, f"{before} {after}", decline_reason="Egen mark")
                point._write_decided({"state": before})
                with self.subTest(before=before, after=after):
                    if after in allowed:
                        getattr(point, verb)()
                        self.assertEqual(point.state, after)
                    else:
                        with self.assertRaises(UserError):
                            getattr(point, verb)()
        with self.assertRaises(UserError):
            self._point(walk, "Annan plats").sudo().write({"state": "done"})
        with self.assertRaises(UserError):
            self._point(walk, "Tredje plats", state="done")

    def test_declining_takes_a_reason(self):
        point = self._point(self._walk())
        for reason in (None, "", " \n "):
            with self.assertRaisesRegex(UserError, "reason"):
                point.action_decline(reason)
        point.action_decline("Trädet är fridlyst.")
        self.assertEqual((point.state, point.decline_reason), ("declined", "Trädet är fridlyst."))
        for reason in (False, " \n "):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                point.decline_reason = reason
                point.flush_recordset()
