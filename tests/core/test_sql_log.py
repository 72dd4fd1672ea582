from psycopg2 import Error

from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestSqlLog(CareCase, TransactionCase):
    """The server's log says which constraint refused what, and nothing of what stood in it."""

    def _logged(self, query, *params):
        with (
            self.assertLogs("odoo.sql_db", "ERROR") as logged,
            self.assertRaises(Error),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, params)
        return "\n".join(logged.output)

    def test_no_value_of_ours_is_logged(self):
        number, name = self.astrid.personal_number, "Hemlig Persson"
        for query, params, said in (
            (
                "INSERT INTO care_client (company_id, reference, lastname, personal_number, protection_level)"
                " VALUES (%s, 'X1', %s, %s, 'none')",
                [self.company.id, name, number],
                "care_client_personal_number_uniq",
            ),
            (
                'UPDATE "care_client" SET lastname = %s, personal_number = %s WHERE id = %s',
                [name, "12", self.bo.id],
                "care_client_personal_number_form",
            ),
            (
                "SELECT id FROM care_client WHERE lastname = %s AND id = %s",
                [name, number],
                "SELECT care_client",
            ),
        ):
            with self.subTest(said):
                text = self._logged(query, *params)
                self.assertIn(said, text)
                self.assertIn("care_client", text)
                for value in (number, name, "X1", "Failing row", "DETAIL"):
                    self.assertNotIn(value, text)

    def test_other_apps_errors_are_logged_as_they_were(self):
        text = self._logged("UPDATE res_partner SET id = %s WHERE name = %s", "x", "Någon")
        self.assertIn("res_partner", text)
        self.assertIn("invalid input syntax", text)
