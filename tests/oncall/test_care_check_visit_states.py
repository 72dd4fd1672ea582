from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareCheckVisitStates(OncallCase, TransactionCase):
    """From the order to the outcome."""

    def test_every_edge_of_the_states(self):
        verbs = {
            "acknowledged": "action_acknowledge",
            "done": "action_done",
            "not_done": "action_not_done",
            "cancelled": "action_cancel",
        }
        visits = self.env["care.check.visit"]
        for state in visits._fields["state"].get_values(self.env):
            targets = visits._transitions.get(state, ())
            for target, verb in verbs.items():
                visit = self._visit()
                visit._write_decided({"state": state, "event_id": self._event().id, "outcome": "x"})
                with self.subTest(state=state, target=target):
                    if target in targets:
                        getattr(visit, verb)()
                        self.assertEqual(visit.state, target)
                    else:
                        with self.assertRaises(UserError):
                            getattr(visit, verb)()
        for vals in ({"state": "done"}, {"event_id": 1}, {"outcome": "x"}):
            with self.assertRaises(UserError):
                self._visit().write(vals)
            with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
                self._as(self.north_staff, self.env["care.check.visit"]).create(
                    {"client_id": self.astrid.id, "unit_id": self.north.id, **vals}
                )

    def test_who_may_do_what(self):
        visit = self._visit()
        for write in (
            lambda: self._as(self.north_staff, visit).action_acknowledge(),
            lambda: self._as(self.oncall_lead, visit).action_acknowledge(),
            lambda: self._as(self.south_staff, visit).action_cancel(),
            lambda: self._as(self.oncall_staff, visit).action_cancel(),
            lambda: self._as(self.oncall_staff, visit).write({"instructions": "x"}),
            lambda: self._as(self.oncall_staff, visit.browse()).create(
                {"client_id": self.astrid.id, "unit_id": self.north.id}
            ),
        ):
            with self.assertRaises(AccessError):
                write()
        self._lockout(self.astrid, self.oncall_staff)  # and is on duty still
        with self.assertRaises(AccessError):
            self._once_open(self.oncall_staff, visit).action_acknowledge()
        self._as(self.north_staff, visit).action_cancel()
