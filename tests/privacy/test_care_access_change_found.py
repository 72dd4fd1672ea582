import re

from odoo.modules.module import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from ...models.privacy import care_access_change_found
from ...tools.attached import by_app
from ...tools.frozen import thawed
from ..common_emergency import EmergencyCase
from ..common_file import FileCase
from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareAccessChangeFound(EmergencyCase, JournalCase, FileCase, TransactionCase):
    """What the upgrade lists for the privacy officers, and that it names nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changes = cls.env["care.access.change"]

    def _found(self, kind):
        """Of this company alone: the database has the demo's rows too."""
        self.env.flush_all()
        rows = getattr(self.changes, f"_found_{kind}")()
        return [text for company_id, text in rows if company_id == self.company.id]

    def _stay_by(self, user, client, unit):
        """A stay as it could be made over RPC, at a moment when an emergency access is open."""
        stay = (
            self.env["care.stay"]
            .with_user(user)
            .sudo()
            .create({"client_id": client.id, "unit_id": unit.id, "date_from": self.today})
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE care_stay SET create_date = now() AT TIME ZONE 'UTC' + interval '1 hour' WHERE id = %s",
            [stay.id],
        )
        return stay.sudo(False).with_env(self.env)

    def test_stays_made_on_an_emergency_access_alone(self):
        self._open_file(self.south_manager, self.astrid.reference)
        self._open_file(self.north_manager, self.astrid.reference)
        self._open_file(self.south_manager, self.bo.reference)
        east, west = self._unit("Öster"), self._unit("Väster")
        self._member(east, self.south_manager, "manager")
        self._member(west, self.north_manager, "manager")
        taken = self._stay_by(self.south_manager, self.astrid, self.south)
        again = self._stay_by(self.south_manager, self.astrid, east)
        self._stay_by(self.north_manager, self.astrid, west)  # whose client it was
        self._stay_by(self.south_manager, self.bo, east)
        self.assertEqual(
            self._found("stays"),
            [f"{self.astrid.reference}/{taken.id}", f"{self.astrid.reference}/{again.id}"],
        )

    def test_notes_in_another_name(self):
        signed, stolen = self._signed(), self._signed()
        self._draft()
        without = self._user("without", "social_care.group_care_staff")
        other = self._signed()
        self.env.flush_all()
        with thawed(self.cr, "care_journal_entry"):
            self.cr.execute(
                "UPDATE care_journal_entry SET author_name = 'Anna Lind' WHERE id = %s", [stolen.id]
            )
            self.cr.execute(
                "UPDATE care_journal_entry SET author_id = %s WHERE id = %s", [without.id, other.id]
            )
        self.env.invalidate_all()
        self.assertEqual(self._found("notes"), [stolen.reference])
        self.assertNotIn(signed.reference, self._found("notes"))

    def test_consents_that_are_valid_again(self):
        undone, withdrawn = (self.files[client]["care.consent"] for client in (self.astrid, self.bo))
        for consent in undone | withdrawn:
            consent.action_withdraw()
        self.env.flush_all()
        self.cr.execute("UPDATE care_consent SET withdrawn_at = NULL WHERE id = %s", [undone.id])
        self.assertEqual(self._found("consents"), [f"{self.astrid.reference}/{undone.id}"])

    def test_a_reference_that_may_be_a_name_is_told_as_a_number(self):
        self.assertFalse(self._found("clients"))
        self.cr.execute("UPDATE care_client SET reference = 'Ek, Astrid' WHERE id = %s", [self.astrid.id])
        self.env.invalidate_all()
        self.assertEqual(self._found("clients"), [f"#{self.astrid.id}"])
        self.env.ref("social_care.care_client_sequence").prefix = "P%(year)s-"
        self.assertNotIn(f"#{self._client('Ny', 'Klient').id}", self._found("clients"))

    def test_files_that_anybody_can_read(self):
        attachments = self.env["ir.attachment"].sudo()
        found = []
        self.cr.execute("CREATE TABLE care_opened_file (id int)")
        for model, record in self.files[self.astrid].items():
            values = {"name": "Hemlig bilaga", "raw": b"x", "res_model": model, "res_id": record.id}
            with by_app():
                closed, opened = attachments.create([values, values])
            self.cr.execute("INSERT INTO care_opened_file VALUES (%s)", [opened.id])
            found.append(f"{self.astrid.reference}/{opened.id}")
            self.assertNotEqual(closed, opened)
        self.assertEqual(sorted(self._found("files")), sorted(found))

    def test_the_upgrade_tells_the_officers_of_each_company(self):
        consent = self.files[self.astrid]["care.consent"]
        consent.action_withdraw()
        self.env.flush_all()
        self.cr.execute("UPDATE care_consent SET withdrawn_at = NULL WHERE id = %s", [consent.id])
        self.cr.execute("UPDATE care_client SET reference = 'Ek, Astrid' WHERE id = %s", [self.astrid.id])
        self.env.invalidate_all()
        self.patch(care_access_change_found, "MOST", 1)
        self.cr.execute("CREATE TABLE care_opened_file (id int)")
        for number in range(3):
            with by_app():
                file = self.env["ir.attachment"].create(
                    {"name": f"Hemlig bilaga {number}", "raw": b"x", "res_model": "care.client"}
                    | {"res_id": self.bo.id}
                )
            self.cr.execute("INSERT INTO care_opened_file VALUES (%s)", [file.id])
        before = self.changes.search([])
        script = load_script(
            file_path("social_care/migrations/19.0.1.4.0/post-migrate.py"), "social_care_post_migrate"
        )
        script.migrate(self.cr, "19.0.1.3.0")
        noted = self.changes.search([("company_id", "=", self.company.id), ("kind", "=", "found")]) - before
        self.assertEqual(len(noted), 3)
        self.assertTrue(all(self._sees(self.privacy_officer, change) for change in noted))
        texts = dict(zip(noted.mapped("name"), noted.mapped("after"), strict=True))
        self.assertIn(f"#{self.astrid.id}/{consent.id}", texts.values())
        self.assertTrue([text for text in texts.values() if re.search(r"/\d+ \D+ 2\b", text)], texts)
        for secret in ("Ek, ", "Astrid", "Hemlig", "album"):
            self.assertNotIn(secret, str(texts))
        told = self.env["mail.activity"].search(
            [("res_model", "=", noted._name), ("user_id", "=", self.privacy_officer.id)]
        )
        self.assertEqual(len(told), 1, "one reminder for the company")
        for user in (self.north_manager, self.care_admin):
            self.assertFalse(self._as(user, noted).has_access("read"))
