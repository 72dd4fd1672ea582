"""Closed rows stay closed: in the cache that user and superuser share, by name in a many2one, behind sudo()."""

from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.service.server import thread_local
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools.own_work import own_work
from ..common_access_log import AccessLogCase
from ..common_emergency import EmergencyCase
from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareClosed(AccessLogCase, JournalCase, EmergencyCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # has the role and no membership at all: opens no file
        cls.newcomer = cls._user("newcomer", "social_care.group_care_manager")

    def setUp(self):
        super().setUp()
        self.note = self._draft(self.south_staff, self.bo, self.south, body="Kanariefågel")
        self._end_request()

    def _all_closed(self):
        """The models with a table, one for each kind of wall."""
        names = self.env.registry.descendants(["care.closed"], "_inherit")
        return [self.env[name] for name in sorted(names) if not self.env[name]._abstract]

    # ------------------------------------------------------------------
    # The cache
    # ------------------------------------------------------------------

    def test_what_the_superuser_has_read_is_not_the_users(self):
        note = self._as(self.newcomer, self.note)
        for prepare in (
            lambda: note.sudo().body,
            lambda: note.sudo().fetch(),
            lambda: note.with_user(self.south_staff).body,
            lambda: self.env["care.journal.entry"].browse(note.id).read(),
        ):
            self.env.invalidate_all()
            prepare()
            for read in (
                lambda: note.body,
                lambda: note.mapped("body"),
                lambda: note.filtered("body"),
                lambda: note.client_id.lastname,
                lambda: (note | note.browse(note.id)).client_id,
            ):
                with self.assertRaises(AccessError):
                    read()

    def test_many_records_are_asked_about_at_once(self):
        contacts = self.env["care.client.contact"].create(
            [
                {"client_id": self.astrid.id, "unit_id": self.north.id, "name": f"Granne {number}"}
                for number in range(20)
            ]
        )
        contacts = self._as(self.north_staff, contacts)
        contacts.read(["name"])
        contacts._forget_opened()
        with self.assertQueryCount(2):  # what the reader holds, and which of them that opens
            self.assertEqual(len(contacts.mapped("name")), 20)

    def test_content_from_the_cache_leaves_a_line(self):
        note = self._as(self.south_staff, self.note)
        note.sudo().fetch(["body"])
        self.assertEqual(note.body, "Kanariefågel")
        self._end_request()
        self.assertLogged(self.south_staff, self.bo, model="care.journal.entry", operation="read")

    def test_the_superuser_reads_the_column_that_it_names(self):
        note = self._as(self.south_staff, self.note).sudo()
        self.assertEqual(note.state, self.note.state)
        fields_ = self.note._fields
        self.env.invalidate_all()
        note.state  # noqa: B018
        self.assertNotIn(note.id, fields_["body"]._get_cache(note.env))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_a_changed_right_is_asked_for_anew(self):
        """Within one transaction too."""
        elsewhere = self.env.ref("base.main_company")
        for change in (
            lambda: self._lockout(self.bo, self.south_staff),
            lambda: self.south_staff.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id}),
        ):
            with self.subTest(change=change), self.cr.savepoint() as undone:
                note = self._as(self.south_staff, self.note)
                self.assertEqual(note.body, "Kanariefågel")
                change()
                with self.assertRaises(AccessError):
                    note.body  # noqa: B018
                undone.rollback()

    # ------------------------------------------------------------------
    # Closed and missing are the same
    # ------------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_closed_and_missing_give_the_same_answer(self):
        for name in ("care.client", "care.journal.entry", "care.stay", "care.plan"):
            model = self._as(self.newcomer, self.env[name])
            closed = self.env[name].search([], order="id desc", limit=1).id
            missing = closed + 1000
            for what in (
                lambda record: record.read(["display_name"]),
                lambda record: record.read(["create_uid"]),
                lambda record: record.web_read({"display_name": {}}),
                lambda record: record.copy(),
                lambda record: record.get_metadata(),
                lambda record: record.get_external_id(),
                lambda record: record.export_data(["id"]),
                lambda record: record.export_data(["create_date"]),
                lambda record: record.write({}),
                lambda record: record.onchange({}, [], {"display_name": {}}),
            ):
                answers = []
                for id_ in (closed, missing):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError) as refusal:
                        what(model.browse(id_))
                    answers.append(str(refusal.exception).replace(str(id_), "N"))
                self.assertEqual(*answers)

    # ------------------------------------------------------------------
    # Named in a many2one
    # ------------------------------------------------------------------

    def _naming(self, user):
        """Each model that the user may create and each of its relations to a closed one."""
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if model._abstract or not name.startswith("care.") or not model.has_access("create"):
                continue
            for field, comodel in model._care_naming_fields().items():
                if comodel and self.env[comodel]._auto:
                    yield model, field, self.env[comodel]

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db")
    def test_whoever_names_a_record_must_be_able_to_open_it(self):
        """On whichever model, by create, write, onchange, default_get and by default in the context."""
        tried = set()
        for user in (self.newcomer, self.north_manager, self.oncall_staff, self.supporter):
            for model, name, comodel in self._naming(user):
                mine = self._as(user, comodel)
                mine = mine.search([]).ids if mine.has_access("read") else []
                closed = comodel.search([("id", "not in", mine)], limit=1)
                if not closed or self._may_be_named(user, model, name):
                    continue
                many = model._fields[name].type != "many2one"
                value = [[4, closed.id]] if many else closed.id
                model = self._as(user, model)
                spec = {
                    field: {}
                    for field in model._fields
                    if model._has_field_access(model._fields[field], "read")
                }
                for what, call in (
                    ("create", lambda m=model, v={name: value}: m.create(v)),
                    (
                        "context",
                        lambda m=model, n=name, v=value: m.with_context(**{f"default_{n}": v}).create({}),
                    ),
                    (
                        "default",
                        lambda m=model, n=name, v=value: m.with_context(**{f"default_{n}": v}).default_get(
                            [n]
                        ),
                    ),
                    ("onchange", lambda m=model, n=name, v=value, s=spec: m.onchange({n: v}, [n], s)),
                ):
                    with self.subTest(user=user.login, model=model._name, field=name, by=what):
                        try:
                            with self.env.cr.savepoint():
                                answer = call()
                        except (
                            UserError,
                            psycopg2.Error,
                        ):  # AccessError is one; readonly fields take no default
                            tried.add((model._name, name))
                            continue
                        self.assertEqual(what, "default", f"{name} names a closed {comodel._name}: {answer}")
                        self.assertFalse(answer.get(name))
        self.assertGreater(len(tried), 40)

    def _may_be_named(self, user, model, name):
        """Where the sentence of a role says so: cards for the crew, who is shut out for the officer."""
        return (model._name, name) in {("care.oncall.event", "client_id")} or user == self.privacy_officer

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_names_without_opening_learns_nothing_of_other_companies(self):
        """An officer names clients whose file is shut; another company's is as one that does not exist."""
        other = self.env["res.company"].create({"name": "Annan AB"})
        far = self._client("Fjärran", "Person", company_id=other.id)
        mine, missing = self.astrid.id, far.id + 1000
        named = set()
        for model, name, comodel in self._naming(self.privacy_officer):
            if comodel._name != "care.client" or model._fields[name].type != "many2one":
                continue
            model = self._as(self.privacy_officer, model)
            spec = {name: {"fields": {"display_name": {}}}}
            for by, call in (
                ("default", lambda m, n, s: m.default_get([n])),
                ("form", lambda m, n, s: m.onchange({}, [], s)),
            ):
                answers = []
                for id_ in (far.id, missing):
                    asking = model.with_context(**{f"default_{name}": id_})
                    with (
                        self.subTest(model=model._name, field=name, by=by),
                        self.assertRaises(AccessError) as no,
                    ):
                        call(asking, name, spec)
                    answers.append(str(no.exception).replace(str(id_), "N"))
                self.assertEqual(*answers)
            if not model._fields[name].readonly:
                answer = model.with_context(**{f"default_{name}": mine}).onchange({}, [], spec)
                named.add((model._name, answer["value"][name]["display_name"]))
        self.assertIn(("care.client.lockout", self.astrid.reference), named)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_closed_name_leaves_a_line(self):
        strike = self._as(self.newcomer, self.env["care.journal.strike"])
        with self.assertRaises(AccessError):
            strike.create({"entry_id": self.note.id, "reason": "x"})
        self.env.cr.prerollback.run()
        self.assertLogged(self.newcomer, self.bo, model="care.journal.entry", refused=True)

    def test_what_opens_by_emergency_opens_nothing_that_lasts(self):
        """Each model of the file that names a client or a record of the file."""
        south_client = self.bo
        self.assertTrue(self._open_file(self.north_manager, south_client.reference).exists())
        as_manager = self._as(self.north_manager, south_client)
        self.assertEqual(as_manager.lastname, "Al", "the file is open, for reading")
        tried = 0
        for model, name, comodel in self._naming(self.north_manager):
            if model._transient or comodel._name != "care.client":
                continue
            values = {name: south_client.id}
            if "unit_id" in model._fields:
                values["unit_id"] = self.north.id
            with self.subTest(model=model._name), self.assertRaises(UserError):
                self._as(self.north_manager, model).create(values)
            tried += 1
        self.assertGreater(tried, 8)

    # ------------------------------------------------------------------
    # Superuser for whom
    # ------------------------------------------------------------------

    def _without_role(self):
        yield self.env.ref("base.public_user")
        yield new_test_user(self.env, "portal_only", "base.group_portal")
        yield self._user("designer", "base.group_user,base.group_system")

    def test_a_superuser_serves_nobody_without_a_role(self):
        for user in self._without_role():
            for model in self._all_closed():
                rows = model.with_user(user).sudo()
                found = model.search([], limit=1).with_user(user).sudo()
                name = next(name for name, field in model._fields.items() if field.store and name != "id")
                deeds = [
                    lambda rows=rows: rows.search([]),
                    lambda rows=rows: rows.search_count([]),
                    lambda rows=rows: rows.search_read([], ["id"]),
                    lambda rows=rows: rows._read_group([], [], ["__count"]),
                    lambda rows=rows: rows.create({"csv_file": b""} if "csv_file" in rows._fields else {}),
                ]
                if found:
                    deeds += [
                        lambda found=found, name=name: found.read([name]),
                        lambda found=found, name=name: found.mapped(name),
                        lambda found=found: found.write({"unit_id": False}),
                        lambda found=found: found.unlink(),
                    ]
                for number, deed in enumerate(deeds):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    # some models refuse everybody with a sentence of theirs
                    deeds_of = {"user": user.login, "model": model._name, "deed": number}
                    with self.subTest(**deeds_of), self.assertRaises(UserError):
                        deed()

    def test_a_superuser_serves_roles_the_system_and_our_own_work(self):
        designer = self._user("designer", "base.group_user,base.group_system")
        with own_work(anyone=True):
            self.assertEqual(self._as(designer, self.bo).sudo().lastname, "Al")
        self.env.invalidate_all()
        with own_work(), self.assertRaises(AccessError):
            self._as(designer, self.bo).sudo().lastname  # noqa: B018
        self.assertEqual(self._as(self.privacy_officer, self.bo).sudo().lastname, "Al")
        self.env.invalidate_all()
        self.assertEqual(self.bo.with_user(SUPERUSER_ID).sudo().lastname, "Al")

    def test_a_display_name_is_told_at_every_door(self):
        """Odoo's inbox, for one, reads it as superuser of whatever record a message hangs on."""
        told = set()
        with patch.object(thread_local, "rpc_model_method", "mail.message.search_read", create=True):
            for model in self._all_closed():
                if found := model.search([], limit=1):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    with self.subTest(model=model._name):
                        name = found.with_user(self.newcomer).sudo().display_name
                        told.add(model._name)
                        self.assertNotIn("Kanariefågel", name or "")
            with self.assertRaises(AccessError):
                self._as(self.newcomer, self.bo).sudo().lastname  # noqa: B018
        self.assertGreater(len(told), 5)

    def test_a_refused_superuser_leaves_a_line(self):
        designer = self._user("designer", "base.group_user,base.group_system")
        with self.assertRaises(AccessError):
            self._as(designer, self.bo).sudo().read(["lastname"])
        self.env.cr.prerollback.run()
        self.assertTrue(self._lines(designer, refused=True))
