from odoo.tests import TransactionCase, tagged

from ..common import CareCase

LIST = {
    "listed_name": {},
    "reference": {},
    "age": {},
    "unit_ids": {"fields": {"display_name": {}}},
    "dwelling_id": {"fields": {"display_name": {}}},
    "contact_person_id": {"fields": {"display_name": {}}},
    "phone": {},
    "due_date": {},
}


@tagged("post_install", "-at_install")
class TestCareClientSpeed(CareCase, TransactionCase):
    """What a screen costs does not grow with what is on it; `make bench` tells the milliseconds."""

    def _add_units(self, count):
        for number in range(count):
            name = f"{number} {self.env['care.unit'].search_count([])}"
            unit = self._unit(name)
            self._member(unit, self.north_manager, "manager")
            self._member(unit, self.south_staff)
            for client in (self._client("Ny", f"{name} {place}") for place in range(3)):
                dwelling = self.env["care.dwelling"].create({"name": client.lastname, "unit_id": unit.id})
                self._stay(client, unit, -5, dwelling_id=dwelling.id)
                self._contact_person(client, unit, self.south_staff)

    def _queries(self, call):
        call()  # caches that outlive a request
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - before

    def _counts(self):
        clients = self._as(self.north_manager, self.env["care.client"])
        units = self._as(self.north_manager, self.env["care.unit"])
        fields = {
            "name": {},
            "manager_ids": {"fields": {"display_name": {}}},
            "places": {},
            "taken": {},
            "leaving": {},
        }
        return {
            "list": self._queries(lambda: clients.web_search_read([], LIST, order="listed_name", limit=80)),
            "search": self._queries(lambda: clients.web_search_read([("display_name", "ilike", "ny")], LIST)),
            "units": self._queries(lambda: units.web_search_read([], fields)),
        }

    def test_queries_do_not_grow_with_clients_and_units(self):
        self._add_units(2)
        self._counts()  # the first call of all fills caches of the process
        few = self._counts()
        self._add_units(8)
        self.assertEqual(self._counts(), few)
