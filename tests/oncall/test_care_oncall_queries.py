from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase
from ..common_queries import QueryCase

FEW, MANY = 3, 30


@tagged("post_install", "-at_install")
class TestCareOncallQueries(QueryCase, OncallCase, TransactionCase):
    """Three events or thirty: the crew's screens ask the database as often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._shift(cls.oncall_lead, start=-30)
        cls.clients = cls.env["care.client"].create(
            [
                {"firstname": "Nr", "lastname": f"{number:02}", "company_id": cls.company.id}
                for number in range(MANY)
            ]
        )
        cls.env["care.stay"].create(
            [
                {"client_id": client.id, "unit_id": cls.north.id, "date_from": cls._day(-20)}
                for client in cls.clients
            ]
        )
        cls._night_card(cls.astrid, cls.north)
        cls._more(0, FEW)

    @classmethod
    def _more(cls, first, last):
        """Events, visits, handovers and cards, of as many clients."""
        for number, client in enumerate(cls.clients[first:last], first):
            event = cls._event(
                client_id=client.id, caller_phone="070-174 06 77", area_id=cls.area.id, caller_kind="client"
            )
            cls._event(shift_id=cls.old.id, client_id=client.id, caller_phone="070-174 06 77")
            event._send_handover(cls.north, "Ring")
            event._send_handover(cls.oncall, f"Fortsätt {number}")
            cls._visit(client_id=client.id)
            cls._night_card(client, cls.north)

    def assertConstant(self, call, most):
        few = self._count(call)
        self._more(FEW, MANY)
        many = self._count(call)
        self.assertLessEqual(many, few, f"{few} queries for {FEW} rows, {many} for {MANY}")
        self.assertLessEqual(many, most)

    def _log(self):
        return self._as(self.oncall_staff, self.env["care.oncall.event"])

    def test_the_log(self):
        spec, log = self._spec(self.oncall_staff, "care.oncall.event", "list"), self._log()
        self.assertConstant(lambda: log.web_search_read([], spec, limit=80), 8)

    def test_search_by_telephone_number(self):
        spec, log = self._spec(self.oncall_staff, "care.oncall.event", "list"), self._log()
        found = log.web_search_read([("display_name", "ilike", "+46 70 174 06 77")], spec)
        self.assertEqual(found["length"], 2 * FEW)
        self.assertConstant(
            lambda: log.web_search_read([("display_name", "ilike", "+46 70 174 06 77")], spec, limit=80), 8
        )

    def test_the_events_form(self):
        spec = self._spec(self.oncall_staff, "care.oncall.event", "form")
        event = self._as(self.oncall_staff, self.shift.event_ids[:1])
        self.assertConstant(lambda: event.web_read(spec), 22)

    def test_the_shifts_screen(self):
        spec = self._spec(self.oncall_staff, "care.oncall.shift", "form")
        shift = self._as(self.oncall_staff, self.shift)
        self.assertConstant(lambda: shift.web_read(spec), 34)

    def test_the_shifts(self):
        spec = self._spec(self.oncall_staff, "care.oncall.shift", "list")
        shifts = self._as(self.oncall_staff, self.env["care.oncall.shift"])
        few = self._count(lambda: shifts.web_search_read([], spec))
        for days in range(1, 12):
            self._shift(self.oncall_staff, start=24 * days, state="planned")
        self.assertLessEqual(self._count(lambda: shifts.web_search_read([], spec)), few)

    def test_my_days_handovers(self):
        handovers = self._as(self.north_staff, self.env["care.handover"])
        self._more(FEW, FEW + 2)  # more than are shown: one more query counts the rest
        few = self._count(handovers.unread_for_me)
        self._more(FEW + 2, MANY)
        self.assertLessEqual(self._count(handovers.unread_for_me), few)
        self.assertLessEqual(few, 12)
