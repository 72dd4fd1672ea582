from odoo.tests import TransactionCase, tagged

from ..common_file import FileCase
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareWalledProtected(FileCase, TransactionCase):
    """What of a protected person stays in the file stays out of headings too."""

    def test_a_heading_says_no_more_of_a_protected_person_than_an_export(self):
        """Whatever the column of whatever record of the file, and by every path from one to another."""
        self.astrid.write(
            {
                "protection_level": "marked",
                "street": "Björkvägen 1",
                "phone": "070-174 06 05",
                "email": "a@b.example",
            }
        )
        records = dict(self.files[self.astrid])
        records["care.client.contact"].write(
            {"email": "lisa@x.example", "relation": "syster", "note": "Ring kvällstid"}
        )
        told, tried = {}, set()
        for record in records.values():
            record = self._as(self.north_manager, record)
            for path in self._paths(record):
                heading = self._heading(record, path)
                if not heading:
                    continue
                tried.add((record._name, path))
                [row] = record._export_rows([path.split(".")])[:1]
                if str(heading) not in (str(row[0]), self.astrid.reference):
                    told[record._name, path] = heading
        for path in (
            "phone",
            "name",
            "email",
            "relation",
            "note",
            "client_id.lastname",
            "client_id.birth_date:day",
        ):
            self.assertFalse(
                self._heading(self._as(self.north_manager, records["care.client.contact"]), path), path
            )
        self.assertFalse(told)
        self.assertIn(("care.client", "listed_name"), tried)
        self.assertIn(("care.stay", "client_id.reference"), tried)

    def _paths(self, record):
        """Text and names of the record and of the client, as far as they can be grouped by."""
        for name, field in record._fields.items():
            if field.type in ("char", "text", "html") and self._is_stored(record, name):
                yield name
            if field.comodel_name == "res.partner" and field.store and field.type == "many2one":
                yield name
        if record._name != "care.client":
            yield from (f"client_id.{name}" for name in self._paths(record.client_id))

    def _is_stored(self, model, path):
        """Where the database finds it: in the row itself, or along references."""
        first, _dot, rest = path.partition(".")
        field = model._fields[first]
        if rest:
            return field.type == "many2one" and self._is_stored(self.env[field.comodel_name], rest)
        return field.store or bool(
            field.related and field.compute_sudo and self._is_stored(model, field.related)
        )

    def _heading(self, record, path):
        """What stands over the group in which the record is, or nothing."""
        groups = record._read_group([("id", "in", record.ids)], [path], ["__count"])
        return groups and groups[0][0] and getattr(groups[0][0], "display_name", groups[0][0])

    def test_what_is_counted_of_protected_persons_stays_in_the_count(self):
        """Choices, staff and days; and records that concern no client, under whatever heading."""
        self.astrid.protection_level = "marked"
        contact = self.files[self.astrid]["care.contact.person"]
        for path in ("role", "employee_id", "date_from:month", "unit_id"):
            groups = self._as(self.north_manager, contact)._read_group(
                [("id", "in", contact.ids)], [path], ["__count"]
            )
            self.assertEqual([count for _heading, count in groups], [1], path)


@tagged("post_install", "-at_install")
class TestHeadingsOfTheOncallLog(OncallCase, TransactionCase):
    def test_events_about_nobody_stand_under_their_headings(self):
        event = self._event(description="Hissen står")
        events = self._as(self.oncall_staff, event)
        self.assertFalse(event.client_id)
        groups = events._read_group([("id", "in", event.ids)], ["description"], ["__count"])
        self.assertEqual(groups, [("Hissen står", 1)])
