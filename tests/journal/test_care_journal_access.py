from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_emergency import EmergencyCase
from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareJournalAccess(EmergencyCase, JournalCase, TransactionCase):
    """Staff of the unit read what is signed; a draft is its author's alone; nobody else sees anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.timeline = cls.env["care.journal.timeline"]
        cls.was_here = cls._user("was_here", "social_care.group_care_staff")
        cls._member(cls.north, cls.was_here, start=-300, end=-1)
        cls.sysadmin = cls._user("sysadmin", "base.group_system")
        cls.employee = cls._user("employee", "base.group_user")
        cls.others = [
            cls.south_staff, cls.south_manager, cls.oncall_staff, cls.oncall_lead, cls.supporter,
            cls.privacy_officer, cls.care_admin, cls.was_here, cls.sysadmin, cls.employee,
        ]  # fmt: skip

    def setUp(self):
        super().setUp()
        self.entry = self._signed(body="Hemlig text")
        self.objection = self._objection(self.entry, body="Hemlig invändning")
        self.draft = self._draft(body="Hemligt utkast")
        self.env.flush_all()

    def _lines(self, user):
        lines = self._as(user, self.timeline)
        return lines.search([("client_id", "=", self.astrid.id)]) if lines.has_access("read") else lines

    def test_staff_and_managers_of_the_unit_read_what_is_signed(self):
        for user in (self.north_staff, self.north_colleague, self.north_manager):
            with self.subTest(user=user.login):
                self.assertEqual(self._as(user, self.entry).read(["body"])[0]["body"], "Hemlig text")
                self.assertEqual(
                    self._as(user, self.objection).read(["body"])[0]["body"], "Hemlig invändning"
                )
                texts = self._lines(user).mapped("text")
                self.assertIn("Hemlig text", texts)
                self.assertIn("Hemlig invändning", texts)

    def test_nobody_else_reads(self):
        for user in self.others:
            for record in (self.entry, self.objection, self.draft):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        self._as(user, record).read(["id"])
                    model = self._as(user, self.env[record._name])
                    if model.has_access("read"):
                        self.assertNotIn(record.id, model.search([]).ids)
                        self.assertFalse(model.search_count([("client_id", "=", self.astrid.id)]))
                        self.assertFalse(
                            model._read_group([("id", "=", record.id)], ["unit_id"], ["__count"])
                        )
                        self.assertFalse(model.name_search(self.astrid.reference))
            self.assertFalse(self._lines(user), user.login)

    def test_no_verb_for_anybody_else(self):
        for user in self.others:
            for record, method, args in [
                (self.entry, "action_sign", []),
                (self.entry, "action_amend", []),
                (self.entry, "action_strike", ["x"]),
                (self.entry, "action_discard", []),
                (self.entry, "action_verify", []),
                (self.entry, "action_open_objection", []),
                (self.entry, "action_open_replaced", []),
                (self.astrid, "action_write_note", []),
                (self.astrid, "action_open_timeline", []),
                (self.astrid, "action_verify_journal", []),
                (
                    self.timeline.search([("client_id", "=", self.astrid.id)], limit=1),
                    "action_open_source",
                    [],
                ),
            ]:
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(self._once_open(user, record), method)(*args)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._draft(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._objection(self.entry, user)
        self.assertEqual(self.entry.state, "signed")

    def test_a_draft_is_its_authors_alone(self):
        """Managers, colleagues and emergency access included."""
        for user in (self.north_colleague, self.north_manager):
            with self.subTest(user=user.login):
                for values in ({"body": "x"}, {"kind": "event"}):
                    with self.assertRaises(AccessError):
                        self._as(user, self.draft).write(values)
                with self.assertRaises(AccessError):
                    self._as(user, self.draft).read(["body"])
                with self.assertRaises(AccessError):
                    self._as(user, self.draft).action_discard()
                self.assertNotIn(self.draft.id, self._as(user, self.entries).search([]).ids)
                self.assertFalse(
                    self._as(user, self.entries).search_count([("body", "like", "Hemligt utkast")])
                )
                self.assertNotIn("Hemligt utkast", self._lines(user).mapped("text"))
        self.assertTrue(self._as(self.north_staff, self.draft).read(["body"]))

    def test_emergency_access_reads_what_is_signed_and_writes_nothing(self):
        self._open_file(self.oncall_staff, self.astrid.reference)
        for record in (self.entry, self.objection):
            self.assertTrue(self._as(self.oncall_staff, record).read(["body"]))
        self.assertIn("Hemlig text", self._lines(self.oncall_staff).mapped("text"))
        for attempt in (
            lambda: self._as(self.oncall_staff, self.draft).read(["body"]),
            lambda: self._as(self.oncall_staff, self.entry).action_strike("x"),
            lambda: self._as(self.oncall_staff, self.entry).action_amend(),
            lambda: self._draft(self.oncall_staff),
            lambda: self._objection(self.entry, self.oncall_staff),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_an_amendment_in_writing_is_hidden_from_the_note_it_replaces(self):
        new = self._as(self.north_staff, self.entry)._amend()
        new.write({"body": "Hemlig rättelse"})
        entry = self._as(self.north_manager, self.entry)
        self.assertFalse(entry.replaced_by_id)
        self.assertFalse(entry.replacement_ids)
        self.assertNotIn("Hemlig rättelse", str(entry.read()))

    def test_nobody_writes_or_deletes_what_is_signed(self):
        for user in (self.north_staff, self.north_manager):
            with self.assertRaises(AccessError):
                self._as(user, self.entry).write({"body": "x"})
            with self.assertRaises(AccessError):
                self._as(user, self.entry).unlink()
            with self.assertRaises(AccessError):
                self._as(user, self.env["ir.attachment"]).create(
                    {"name": "x", "raw": b"x", "res_model": "care.journal.entry", "res_id": self.entry.id}
                )

    def test_nothing_travels_by_chatter(self):
        for record in (self.entry, self.draft):
            with self.assertRaises(UserError):
                self._as(self.north_staff, record).message_post(body="x")
            record.message_subscribe(self.north_manager.partner_id.ids)
            self.assertFalse(record.message_follower_ids)
        self.assertFalse(self.entry.message_ids)

    def test_the_display_name_is_a_reference(self):
        for record in (
            self.entry,
            self.objection,
            self.timeline.search([("client_id", "=", self.astrid.id)])[:1],
        ):
            self.assertEqual(record.display_name, self.astrid.reference)

    def test_the_units_days_to_finish(self):
        """After the stay has ended staff still finish the documentation, then no more."""
        self.stay_astrid.date_to = self._day(-self.north.finish_days + 1)
        late = self._signed(body="Slutanteckning")
        action = self._as(self.north_staff, self.astrid).action_write_note()
        self.assertEqual(self.entries.browse(action["res_id"]).unit_id, self.north)
        self.stay_astrid.date_to = self._day(-self.north.finish_days - 2)
        with self.assertRaises(AccessError):
            self._as(self.north_staff, late).read(["body"])
        with self.assertRaises(AccessError):
            self._draft()
        self.assertFalse(self._lines(self.north_staff))
        self.assertTrue(self._as(self.north_manager, late).read(["body"]))

    def test_another_units_notes_stay_there(self):
        """The same client in two units: each reads its own."""
        self._stay(self.astrid, self.south, -5)
        there = self._signed(self.south_staff, unit=self.south, body="Söders text")
        with self.assertRaises(AccessError):
            self._as(self.north_manager, there).read(["body"])
        self.assertNotIn("Söders text", self._lines(self.north_manager).mapped("text"))
        self.assertIn("Söders text", self._lines(self.south_staff).mapped("text"))
        self.assertNotIn("Hemlig text", self._lines(self.south_staff).mapped("text"))

    def test_a_protected_persons_journal_is_for_those_named(self):
        self._contact_person(self.astrid, self.north, self.north_colleague)
        self.astrid.protection_level = "marked"
        for record in (self.entry, self.objection):
            with self.assertRaises(AccessError):
                self._as(self.north_staff, record).read(["body"])
            self.assertTrue(self._as(self.north_colleague, record).read(["body"]))
        self.assertFalse(self._lines(self.north_staff))
        self.assertTrue(self._lines(self.north_colleague))
        self.assertFalse(self._as(self.north_staff, self._chain()).search([]))
        self.assertTrue(self._as(self.privacy_officer, self._chain()).search([]))

    def test_an_export_holds_no_content_of_a_protected_person(self):
        self.astrid.protection_level = "marked"
        self.north_manager.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        for record, names in [
            (self.entry, ["body", "author_name", "client_id/name", "event_at"]),
            (self.objection, ["body", "entry_id/body"]),
            (self.timeline.search([("client_id", "=", self.astrid.id), ("source", "=", "entry")]), ["text"]),
        ]:
            rows = self._as(self.north_manager, record).export_data(names)["datas"]
            self.assertNotIn("Hemlig", str(rows))
            self.assertNotIn(self.astrid.lastname, str(rows))

    def test_who_is_locked_out_sees_none_of_it(self):
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_manager.id, "reason": "Släkt"}
        )
        for record in (self.entry, self.objection, self._chain()):
            with self.assertRaises(AccessError):
                self._as(self.north_manager, record).read(["id"])
        self.assertFalse(self._lines(self.north_manager))

    def test_the_privacy_officer_sees_numbers_only(self):
        chain = self._as(self.privacy_officer, self._chain())
        self.assertTrue(chain.read(["link_count", "fault"]))
        self.assertTrue(self._as(self.privacy_officer, self.env["care.journal.link"]).search([]))
        for model in ("care.journal.entry", "care.journal.objection", "care.journal.timeline"):
            with self.assertRaises(AccessError):
                self._as(self.privacy_officer, self.env[model]).search([])

    def test_nobody_makes_links_chains_or_looks(self):
        for user in (self.north_manager, self.privacy_officer, self.sysadmin):
            for model, vals in [
                ("care.journal.chain", {"client_id": self.bo.id, "unit_id": self.south.id}),
                ("care.journal.link", {"chain_id": self._chain().id, "position": 9}),
                ("care.journal.look", {"client_id": self.astrid.id, "user_id": user.id}),
            ]:
                with self.subTest(user=user.login, model=model), self.assertRaises(UserError):
                    self._as(user, self.env[model]).create(vals)

    def test_the_key_is_out_of_the_orms_reach(self):
        """No model, no parameter, no field holds it; not for Odoo's administrator either."""
        self.env.cr.execute("SELECT key FROM care_journal_key")
        key = self.env.cr.fetchone()[0]
        self.assertFalse([name for name, model in self.env.items() if model._table == "care_journal_key"])
        parameters = self._as(self.sysadmin, self.env["ir.config_parameter"]).search([])
        self.assertNotIn(key, parameters.mapped("value"))

    # ------------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------------

    def _spec(self, model, view_type):
        view = self._as(self.north_staff, self.env[model]).get_view(view_type=view_type)
        names = {node.get("name") for node in etree.fromstring(view["arch"]).iter("field")}
        fields_ = self.env[model]._fields
        names &= fields_.keys()
        return {
            name: {"fields": {"display_name": {}}} if fields_[name].type == "many2one" else {}
            for name in names
        }

    def _count(self, model, spec, domain, limit):
        records = self._as(self.north_staff, self.env[model])
        records.has_access("read")
        before = self.env.cr.sql_log_count
        found = records.web_search_read(domain, spec, limit=limit)["records"]
        return len(found), self.env.cr.sql_log_count - before

    def test_lists_and_timeline_ask_as_often_for_many(self):
        for _number in range(7):
            self._objection(self._signed())
            self._objection(self._amended()[0])
        domain = [("client_id", "=", self.astrid.id)]
        notes = [*domain, ("source", "=", "entry")]
        for model, view_type, where in [
            ("care.journal.entry", "list", domain),
            ("care.journal.entry", "kanban", domain),
            ("care.journal.timeline", "list", notes),
            ("care.journal.timeline", "kanban", notes),
        ]:
            spec = self._spec(model, view_type)
            self._count(model, spec, where, 3)
            few, many = self._count(model, spec, where, 9), self._count(model, spec, where, 80)
            with self.subTest(model=model, view=view_type):
                self.assertGreater(many[0], few[0] + 10)
                self.assertLessEqual(many[1], few[1])
                self.assertLess(many[1], 20)
        self.assertLess(self._count("care.journal.timeline", spec, domain, 80)[1], 40, "all kinds of lines")
