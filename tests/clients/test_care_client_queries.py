from odoo.tests import TransactionCase, tagged

from ..common import CareCase
from ..common_queries import QueryCase

FEW, MANY = 5, 50


@tagged("post_install", "-at_install")
class TestCareClientQueries(QueryCase, CareCase, TransactionCase):
    """Five clients or fifty: a screen asks the database as often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        employee = cls._employee(cls.north_staff)
        clients = cls.env["care.client"].create(
            [
                {
                    "firstname": "Nr",
                    "lastname": f"Klient {n:03}",
                    "company_id": cls.company.id,
                    "phone": "08-123 45 67",
                }
                for n in range(MANY)
            ]
        )
        dwellings = cls.env["care.dwelling"].create(
            [{"name": f"{n}", "unit_id": cls.north.id} for n in range(MANY)]
        )
        cls.stays = cls.env["care.stay"].create(
            [
                {"client_id": c.id, "unit_id": cls.north.id, "dwelling_id": d.id, "date_from": cls._day(-20)}
                for c, d in zip(clients, dwellings, strict=True)
            ]
        )
        common = [{"client_id": client.id, "unit_id": cls.north.id} for client in clients]
        cls.env["care.contact.person"].create([{**vals, "employee_id": employee.id} for vals in common])
        cls.env["care.client.contact"].create(
            [{**vals, "name": "Lisa", "call_first": True} for vals in common]
        )
        cls.env["care.consent"].create([{**vals, "scope": "photo", "purpose": "x"} for vals in common])
        cls.clients = clients
        cls.units = cls.env["care.unit"].create(
            [{"name": f"Enhet {n}", "code": f"E{n}", "company_id": cls.company.id} for n in range(MANY)]
        )

    def assertConstant(self, call):
        few, many = self._count(lambda: call(FEW)), self._count(lambda: call(MANY))
        self.assertEqual(few, many, f"{few} queries for {FEW} rows, {many} for {MANY}")
        return many

    def _list(self, model, view_type, user=None, domain=()):
        records = self._as(user or self.north_staff, self.env[model])
        spec = self._spec(self.north_staff, model, view_type)

        def call(limit):
            result = records.web_search_read(list(domain), spec, limit=limit)
            self.assertEqual(len(result["records"]), limit)

        return call

    def test_client_list(self):
        self.assertLessEqual(self.assertConstant(self._list("care.client", "list")), 10)

    def test_client_kanban(self):
        self.assertLessEqual(self.assertConstant(self._list("care.client", "kanban")), 11)

    def test_stay_list(self):
        self.assertLessEqual(self.assertConstant(self._list("care.stay", "list")), 11)

    def test_unit_kanban(self):
        self.assertLessEqual(self.assertConstant(self._list("care.unit", "kanban")), 11)

    def test_my_clients(self):
        domain = [
            ("contact_person_ids", "any", [("user_id", "=", self.north_staff.id), ("opens_at", "<=", "now")])
        ]
        self.assertConstant(self._list("care.client", "list", domain=domain))

    def test_client_form_with_many_lines(self):
        client = self._as(self.north_staff, self.clients[0])
        spec = self._spec(self.north_staff, "care.client", "form")
        client.web_read(spec)  # what is remembered between requests
        few = self._count(lambda: client.web_read(spec))
        vals = {"client_id": client.id, "unit_id": self.north.id, "name": "Granne"}
        self.env["care.client.contact"].create([vals] * MANY)
        self.assertEqual(self._count(lambda: client.web_read(spec)), few)
        self.assertLessEqual(few, 21)

    def test_the_buttons_count_in_one_query(self):
        clients = self._as(self.north_staff, self.clients)

        def call(limit):
            clients[:limit].fetch(["name"])
            for name in clients._counted():
                clients[:limit].mapped(name)

        self.assertEqual(self.assertConstant(call), 2)

    def test_name_search(self):
        clients = self._as(self.north_staff, self.env["care.client"])

        def search(limit):
            self.assertEqual(len(clients.name_search("Klient", limit=limit)), limit)

        self.assertLessEqual(self.assertConstant(search), 2)

    def test_checking_many_records_is_one_query(self):
        self.north_staff.group_ids |= self.env.ref("base.group_allow_export")
        clients = self._as(self.north_staff, self.clients)
        self.assertConstant(lambda limit: clients[:limit].check_access("read"))
        self.assertConstant(lambda limit: clients[:limit].read(["lastname"]))
        self.assertConstant(lambda limit: clients[:limit].export_data(["reference", "name"]))
