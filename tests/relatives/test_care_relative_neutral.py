from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_relative import RelativeCase

NEUTRAL_PREFIXES = ("care.relative.", "care.referral", "care.support.", "care.outreach", "care.neutral")
HUBS = {"care.unit", "res.company", "res.users", "hr.employee", "res.partner"}


@tagged("post_install", "-at_install")
class TestRelativeNeutral(RelativeCase, TransactionCase):
    """Neither from relative support to a client's file, nor back: in the models and in the database."""

    def _neutral_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith(NEUTRAL_PREFIXES) and not model._abstract and not model._transient
        }

    def test_no_path_of_fields_leads_from_one_to_the_other(self):
        """Walk every relation of every model, both ways; a hub ends the walk."""
        edges = {}
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if field.relational and field.comodel_name and not model._transient:
                    # Odoo's own bookkeeping leads from everything to everything.
                    if field.comodel_name.startswith(("mail.", "ir.", "rating.", "bus.")) or name.startswith(
                        ("mail.", "ir.", "rating.", "bus.")
                    ):
                        continue
                    edges.setdefault(name, set()).add(field.comodel_name)
                    edges.setdefault(field.comodel_name, set()).add(name)
        self.assertIn("care.client", edges["care.stay"], "the walk sees relations")
        for start in self._neutral_models():
            reached, waiting = set(), [start]
            while waiting:
                model = waiting.pop()
                for neighbour in edges.get(model, set()) - HUBS - reached:
                    reached.add(neighbour)
                    waiting.append(neighbour)
            files = {name for name in reached if self._holds_a_client(name)}
            self.assertFalse(files, f"{start} leads to {files}")

    def _holds_a_client(self, name):
        model = self.env.registry.get(name)
        return name == "care.client" or (model is not None and "client_id" in model._fields)

    def test_no_path_of_foreign_keys_leads_from_one_to_the_other(self):
        """The same in PostgreSQL's own catalogue, relation tables included, both ways."""
        self.env.cr.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        edges = {}
        for table, target in self.env.cr.fetchall():
            edges.setdefault(table, set()).add(target)
            edges.setdefault(target, set()).add(table)
        hubs = {self.env[name]._table for name in HUBS}
        tables = {self.env[name]._table for name in self._neutral_models() if self.env[name]._auto}
        self.assertIn("care_relative_contact", tables)
        reached, waiting = set(tables), list(tables)
        while waiting:
            for neighbour in edges.get(waiting.pop(), set()) - hubs - reached:
                if neighbour.startswith(("mail_", "ir_", "bus_")):
                    continue
                reached.add(neighbour)
                waiting.append(neighbour)
        self.assertFalse(
            {table for table in reached if table.startswith(("care_client", "care_stay", "care_plan"))}
        )

    def test_odoo_s_generic_links_are_no_bridge_either(self):
        """No reference field, and no many2one of Odoo's bookkeeping to either side."""
        for name in self._neutral_models():
            for field in self.env[name]._fields.values():
                self.assertNotIn(
                    field.type, ("reference", "many2one_reference", "properties"), f"{name}.{field.name}"
                )

    def test_the_receipt_does_not_know_the_referral(self):
        comodels = {field.comodel_name for field in self.env["care.referral.receipt"]._fields.values()}
        self.assertFalse({name for name in comodels if name and name.startswith("care.re")})

    def test_every_neutral_model_is_walled(self):
        """One global rule of membership each: no group, of whatever module, widens it."""
        rules = self.env["ir.rule"].search([("global", "=", True)])
        for name in self.env.registry.descendants(["care.neutral"], "_inherit"):
            if self.env[name]._abstract:
                continue
            domains = " ".join(
                rules.filtered(lambda rule, n=name: rule.model_id.model == n).mapped("domain_force")
            )
            for part in ("('company_id', 'in', company_ids)", "('opened_by', '=', 'membership')"):
                self.assertIn(part, domains, name)

    def test_outsiders_have_no_way_in(self):
        """Managers, on-call, privacy officer, administrators, other supporters: every door of the ORM."""
        records = [
            self.env["care.relative.contact"].create({"unit_id": self.line.id}),
            self.env["care.relative.case"].create({"unit_id": self.relatives.id, "name": "Gun Ek"}),
            self.env["care.support.group"].create({"unit_id": self.relatives.id, "name": "Onsdagar"}),
            self.env["care.outreach"].create(
                {
                    "unit_id": self.relatives.id,
                    "name": "Brev",
                    "purpose": "x",
                    "source": "x",
                    "offered": "x",
                    "erase_on": self._day(10),
                }
            ),
            self._referral(self._send()),
        ]
        case, group, outreach = records[1:4]
        records += [
            self.env["care.relative.note"].create({"case_id": case.id, "body": "x"}),
            self.env["care.relative.followup"].create({"case_id": case.id}),
            self.env["care.support.session"].create({"group_id": group.id}),
            self.env["care.support.participant"].create({"group_id": group.id, "name": "Gun Ek"}),
            self.env["care.outreach.line"].create({"outreach_id": outreach.id, "name": "Åke Sund"}),
        ]
        self.env.ref("base.group_allow_export").user_ids |= self.env["res.users"].union(*self.outsiders)
        for user in self.outsiders:
            for record in records:
                seen = self._as(user, record)
                with self.subTest(user=user.login, model=record._name):
                    self._assert_closed(seen)

    def _assert_closed(self, record):
        """Read, search, count, group, name_search, export, write, unlink."""
        empty = record.browse()
        for door in (
            lambda: record.read(["id"]),
            lambda: record.write({"unit_id": record.sudo().unit_id.id}),
            record.unlink,
            lambda: record.export_data(["id", "display_name"]),
            lambda: record.web_read({"display_name": {}}),
            record.get_external_id,
        ):
            with self.assertRaises(AccessError):
                door()
        if not empty.has_access("read"):
            for door in (
                lambda: empty.search([]),
                lambda: empty.search_count([]),
                lambda: empty._read_group([], [], ["__count"]),
                lambda: empty.name_search(""),
            ):
                with self.assertRaises(AccessError):
                    door()
        else:
            self.assertFalse(empty.search([]))
            self.assertEqual(empty.search_count([]), 0)
            self.assertEqual(empty._read_group([], [], ["__count"])[0][0], 0)
            self.assertFalse(empty.name_search(""))

    def test_supporters_see_no_client(self):
        for model in ("care.client", "care.stay", "care.client.contact", "care.plan"):
            with self.assertRaises(AccessError):
                self._supporter(model).search([])

    def test_access_ends_with_the_membership(self):
        contact = self.env["care.relative.contact"].create({"unit_id": self.line.id})
        self.assertTrue(self._as(self.supporter, contact).read(["date"]))
        self.line.member_ids.filtered(lambda member: member.user_id == self.supporter).date_to = self._day(-1)
        with self.assertRaises(AccessError):
            self._as(self.supporter, contact).read(["date"])
        with self.assertRaises(AccessError):
            self._supporter("care.relative.contact").create({"unit_id": self.line.id})

    def test_a_new_user_on_the_employee_sees_nothing_until_confirmed(self):
        contact = self.env["care.relative.contact"].create({"unit_id": self.relatives.id})
        thief = self._user("thief", "social_care.group_relative_support")
        self._employee(self.supporter).user_id = thief
        with self.assertRaises(AccessError):
            self._as(thief, contact).read(["date"])

    def test_nothing_hangs_on_a_neutral_record(self):
        """Attachments, messages and activities: not even for supporters, nor as superuser."""
        contact = self.env["care.relative.contact"].create({"unit_id": self.line.id})
        target = {"res_model": contact._name, "res_id": contact.id}
        for user in (self.supporter, self.north_manager):
            for make in (
                lambda u=user: self._as(u, self.env["ir.attachment"]).create(
                    {"name": "Gun Ek.pdf", **target}
                ),
                lambda u=user: self._as(u, self.env["mail.message"]).create(
                    {"model": contact._name, "res_id": contact.id, "body": "Gun Ek"}
                ),
                lambda u=user: self._as(u, self.env["mail.activity"]).create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id(contact._name),
                        "res_id": contact.id,
                        "note": "Gun Ek",
                        "user_id": u.id,
                    }
                ),
            ):
                with self.assertRaises(UserError):
                    make()
        with self.assertRaises(UserError):
            self.env["ir.attachment"].create({"name": "Gun Ek.pdf", **target})
        attachment = self._as(self.supporter, self.env["ir.attachment"]).create({"name": "x"})
        with self.assertRaises(UserError):
            attachment.write(target)
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", contact._name)]))

    def test_the_database_ties_a_row_to_its_unit_s_mode(self):
        contacts = self.env["care.relative.contact"]
        with self.assertRaises(UserError):  # the caller does not choose
            contacts.create({"unit_id": self.line.id, "mode": "named"})
        contact = contacts.create({"unit_id": self.line.id})
        self.assertEqual(contact.mode, "none")
        for query in (
            "UPDATE care_relative_contact SET mode = 'named' WHERE id = %s",
            "UPDATE care_relative_contact SET note = 'Gun Ek' WHERE id = %s",
            "UPDATE care_relative_contact SET alias = 'Gun Ek' WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.cr.execute(query, [contact.id])

    def test_only_relative_units_hold_neutral_rows(self):
        with self.assertRaises(ValidationError):
            self.env["care.relative.contact"].create({"unit_id": self.north.id})
