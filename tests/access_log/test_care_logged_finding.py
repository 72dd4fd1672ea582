import inspect
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ...tools.rpc_call import COUNT_METHODS, SEARCH_METHODS, SEARCH_READ_METHODS
from ..common_access_log import AccessLogCase
from ..common_attack import DoorsCase, Try
from ..common_journal import JournalCase

ENTRY, CLIENT, STAY = "care.journal.entry", "care.client", "care.stay"
OURS = "odoo.addons.social_care."


@tagged("post_install", "-at_install")
class TestCareLoggedFinding(DoorsCase, AccessLogCase, JournalCase, HttpCase):
    """Whoever asks which notes say something learns what they say. Each such question leaves its line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.erik = cls._client("Erik", "Sten", birth_date="1951-02-03")
        cls._stay(cls.erik, cls.north, -10)
        cls.astrid.write({"birth_date": "1940-06-04", "protection_level": "none"})
        cls.note, cls.other = cls.env[ENTRY].create(
            [
                {"client_id": client.id, "unit_id": cls.north.id, "body": body}
                for client, body in ((cls.astrid, "Fick insulin"), (cls.erik, "Fikade"))
            ]
        )
        for entry in (cls.note, cls.other):
            entry._sign_imported(cls.north_staff.id, entry.entered_at)
        with by_app():  # as an earlier version let it be stored
            cls.stay_astrid._message_log(body="insulin")
            cls.file = cls.env["ir.attachment"].create(
                {"name": "insulin.txt", "raw": b"insulin", "res_model": STAY, "res_id": cls.stay_astrid.id}
            )
            cls.stay_astrid.activity_schedule(
                "mail.mail_activity_data_todo",
                summary="insulin",
                note="insulin",
                user_id=cls.north_colleague.id,
            )

    def setUp(self):
        super().setUp()
        muted = mute_logger("odoo.addons.rpc.controllers.xmlrpc", "odoo.http")
        muted.__enter__()
        self.addCleanup(muted.__exit__)

    def _ask(self, model, method, call=None, **kwargs):
        self._end_request()
        self._tick()
        self._before = max((line["id"] for line in self._lines()), default=self._since)
        call = call or self._call_web
        refused, result, text = call(self.north_colleague, Try(method, model, method, None, kwargs))
        self.assertFalse(refused, text[:400])
        return result

    def assertTold(self, what, *clients, model=None, user=None):
        """Each client whose content the answer told has a line, and nobody else."""
        lines = [line for line in self._lines(user or self.north_colleague) if line["id"] > self._before]
        told = {line["client_id"] for line in lines if not model or line["model"] == model}
        expected = {client.id or None for client in clients}
        # a hierarchy is read by several searches, of which some find nothing
        self.assertEqual(told - ({None} if any(expected) else set()), expected, f"{what}: {lines}")

    def test_ids_alone_tell(self):
        said = [("body", "ilike", "insulin")]
        self.authenticate("north_colleague", "north_colleague")
        for call in (self._call_web, self._call_json2, self._call_xmlrpc):
            for method, kwargs in (
                ("search", {}),
                ("search_count", {}),
                ("search_read", {"fields": ["id"]}),
                ("search_read", {"fields": ["reference"]}),
                ("web_search_read", {"specification": {}}),
                ("web_search_read", {"specification": {}, "limit": 1}),
                ("hierarchy_read", {"specification": {}, "parent_field": "replaces_id"}),
                ("formatted_read_group", {"groupby": [], "aggregates": ["__count"]}),
                ("formatted_read_grouping_sets", {"grouping_sets": [[]], "aggregates": ["__count"]}),
                ("web_read_group", {"groupby": ["unit_id"], "aggregates": ["__count"]}),
            ):
                self._ask(ENTRY, method, call, domain=said, **kwargs)
                self.assertTold(f"{call.__name__} {method} {kwargs}", self.astrid, model=ENTRY)
            self._ask(ENTRY, "name_search", call, name="", domain=said)
            self.assertTold("name_search", self.astrid, model=ENTRY)

    def test_a_guess_that_finds_nothing_leaves_a_line_without_a_client(self):
        self.authenticate("north_colleague", "north_colleague")
        guess = [("body", "ilike", "finns inte")]
        for method, more in (
            ("search", {}),
            ("search_count", {}),
            ("search_read", {"fields": ["id"]}),
            ("web_search_read", {"specification": {}}),
            ("formatted_read_group", {"groupby": [], "aggregates": ["__count"]}),
        ):
            self._ask(ENTRY, method, domain=guess, **more)
            self.assertTold(method, self.env[CLIENT], model=ENTRY)
        self._ask(ENTRY, "search_count", domain=[("event_at", ">", "2200-01-01")])
        self.assertTold("a date")

    def test_notes_counted_for_each_client_tell_of_them(self):
        self.authenticate("north_colleague", "north_colleague")
        self._ask(ENTRY, "formatted_read_group", domain=[], groupby=["client_id"], aggregates=["__count"])
        self.assertTold("by client", self.astrid, self.erik, model=ENTRY)

    def test_a_page_tells_of_all_that_are_counted(self):
        self.authenticate("north_colleague", "north_colleague")
        said = [("body", "ilike", "Fi")]
        answer = self._ask(ENTRY, "web_search_read", domain=said, specification={}, limit=1)
        self.assertEqual((len(answer["records"]), answer["length"]), (1, 2))
        self.assertTold("page", self.astrid, self.erik)

    def test_a_day_of_birth_and_a_protection_are_no_statistics(self):
        self.authenticate("north_colleague", "north_colleague")
        for domain in ([("birth_date", "=", "1940-06-04")], [("birth_date", "<", "1951-01-01")]):
            self.assertEqual(self._ask(CLIENT, "search_count", domain=domain), 1)
            self.assertTold(domain, self.astrid)
        self._ask(CLIENT, "search_count", domain=[("protection_level", "=", "none"), ("lastname", "=", "Ek")])
        self.assertTold("protection", self.astrid)
        for groupby in (["birth_date:year"], ["client_id.lastname"]):
            model = CLIENT if groupby[0].startswith("birth") else STAY
            self._ask(model, "formatted_read_group", domain=[], groupby=groupby, aggregates=["__count"])
            lines = [line for line in self._lines(self.north_colleague) if line["id"] > self._before]
            self.assertIn(self.astrid.id, {line["client_id"] for line in lines}, groupby)

    def test_a_condition_on_other_rows_looks_into_the_file(self):
        """Asked of a unit, which is no file; of stays, by the way of their unit."""
        self.authenticate("north_colleague", "north_colleague")
        for what, model, method, domain in (
            ("by the client", STAY, "search_count", [("client_id.lastname", "=", "Ek")]),
            ("by any", STAY, "search_count", [("client_id", "any", [("lastname", "=", "Ek")])]),
            ("by ids", STAY, "search_read", [("client_id.lastname", "=", "Ek")]),
            ("by messages", STAY, "search", [("message_ids.body", "ilike", "insulin")]),
        ):
            kwargs = {"fields": ["id"]} if method == "search_read" else {}
            self.assertTrue(self._ask(model, method, domain=domain, **kwargs), what)
            self.assertTold(what, self.astrid)

    def test_a_log_and_a_roster_look_into_files_too(self):
        """Models that are no file, and that know one: whoever asks them by it asks the file."""
        log = self.env["care.access.log"]
        self._write_lines(self.north_staff, self.astrid | self.erik)
        self.authenticate("north_manager", "north_manager")
        for domain in (
            [("client_id.lastname", "=", "Ek")],
            [("client_id", "any", [("personal_number", "!=", False), ("lastname", "=", "Ek")])],
            [("client_id", "ilike", "Ek")],
        ):
            found = self._ask(log._name, "search_count", domain=domain)
            self.assertTold(domain, *(self.astrid if found else ()), user=self.north_manager)
        self.assertTrue(self._ask(log._name, "search", domain=[("client_id.lastname", "=", "Ek")]))

    def test_files_messages_and_activities_are_asked_too(self):
        self.authenticate("north_colleague", "north_colleague")
        here = [("res_model", "=", STAY)]
        for model, domain in (
            ("ir.attachment", [*here, ("name", "ilike", "insulin")]),
            ("ir.attachment", [("name", "ilike", "insulin")]),
            ("ir.attachment", [*here, ("index_content", "ilike", "insulin")]),
            ("mail.message", [("model", "=", STAY), ("body", "ilike", "insulin")]),
            ("mail.activity", [*here, ("summary", "ilike", "insulin")]),
        ):
            for method, kwargs in (
                ("search", {}),
                ("search_count", {}),
                ("search_read", {"fields": ["id"]}),
                ("formatted_read_group", {"groupby": [], "aggregates": ["__count"]}),
            ):
                self._ask(model, method, domain=domain, **kwargs)
                self.assertTold(f"{model} {domain} {method}", self.astrid, model=STAY)
        for model, groupby, domain in (
            ("mail.message", "body", [("model", "=", STAY)]),
            ("ir.attachment", "name", here),
            ("mail.activity", "summary", here),
        ):
            self._ask(model, "formatted_read_group", domain=domain, groupby=[groupby], aggregates=["__count"])
            self.assertTold(f"{model} by {groupby}", self.astrid, model=STAY)

    def test_an_order_tells(self):
        """Sorted by what they say, ids say it bit by bit."""
        self.authenticate("north_colleague", "north_colleague")
        ids = (self.note | self.other).ids
        self._ask(ENTRY, "search_read", domain=[("id", "in", ids)], fields=["id"], order="body")
        self.assertTold("order", self.astrid, self.erik)
        self._ask(
            "mail.activity",
            "search_read",
            domain=[("res_model", "=", STAY)],
            fields=["id"],
            order="summary desc",
        )
        self.assertTold("order", self.astrid)

    def test_whoever_adds_another_door_s_names_is_seen_all_the_same(self):
        self.authenticate("north_colleague", "north_colleague")
        self._end_request()
        self._tick()
        self._before = max((line["id"] for line in self._lines()), default=self._since)
        self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {
                "model": ENTRY, "method": "search_count", "args": [[("body", "ilike", "insulin")]], "kwargs": {},
                "__model__": "res.partner", "__method__": "web_read",
            },
        )  # fmt: skip
        self.assertTold("another door", self.astrid)

    def test_what_was_read_is_not_told_twice(self):
        self.authenticate("north_colleague", "north_colleague")
        self._ask(ENTRY, "search_read", domain=[("body", "ilike", "insulin")], fields=["body"])
        operations = [
            line["operation"]
            for line in self._lines(self.north_colleague, model=ENTRY)
            if line["id"] > self._before
        ]
        self.assertEqual(operations, ["read"])

    def test_every_method_of_ours_that_takes_a_domain_is_known(self):
        """Another app's method counts as asking; ours do not, unless they are listed."""
        found = set()
        for name in self.env.registry:
            model = type(self.env[name])
            for attribute in dir(model):
                method = getattr(model, attribute, None)
                if attribute.startswith("_") or not inspect.isfunction(method):
                    continue
                if not method.__module__.startswith(OURS):
                    continue
                if any(getattr(getattr(cls, attribute, None), "_api_private", False) for cls in model.mro()):
                    continue
                if any("domain" in name for name in inspect.signature(method).parameters):
                    found.add(attribute)
        self.assertIn("search_count", found)
        self.assertFalse(found - SEARCH_METHODS - COUNT_METHODS - SEARCH_READ_METHODS)

    def test_a_method_that_nobody_has_heard_of_asks(self):
        """As one of another app's would."""

        def find_by_anything(self, domain):
            return self.search(domain).ids

        find_by_anything.__module__ = "odoo.addons.another_app.models.anything"
        find_by_anything._api_model = True
        self.startPatcher(
            patch.object(self.env.registry[ENTRY], "find_by_anything", find_by_anything, create=True)
        )
        self.authenticate("north_colleague", "north_colleague")
        for word, told in (("insulin", [self.astrid]), ("finns inte", [self.env[CLIENT]])):
            self._ask(ENTRY, "find_by_anything", domain=[("body", "ilike", word)])
            self.assertTold(word, *told, model=ENTRY)
