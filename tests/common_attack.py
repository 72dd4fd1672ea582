"""Everything that is tried at a client's file, for the tests that send it through Odoo's doors."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple
from xmlrpc.client import Fault

from stdnum import luhn

from odoo import Command
from odoo.tests import get_db_name, new_test_user
from odoo.tools import mute_logger

from ..tools.attached import by_app
from .common_file import FILE_MODELS, FileCase

# What the server logs about the refusals that these tests provoke.
LOGGERS = [
    "odoo.http",
    "odoo.addons.web.controllers.export",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_fields",
    "odoo.addons.mail.models.mail_thread",
    "odoo.models",
    "odoo.orm.models",
    "odoo.sql_db",
]


# Who tries everything. The rest differ from them by dates or have fewer rights: they try the common calls.
THOROUGH = {
    "another unit's manager",
    "the on-call lead",
    "the privacy officer",
    "the care administrator",
    "Odoo's administrator",
    "staff, long after the stay",
    "staff who are not named for a protected person",
}


class Try(NamedTuple):
    """One attempt at a client's file. Sent alike over the web client, XML-RPC and JSON-2."""

    what: str
    model: str
    method: str
    ids: list | None = None
    kwargs: dict = {}
    # Refused or empty for a stranger; otherwise the answer only must not hold a secret.
    closed: bool = True
    # Who gets an answer on the same route, and must: a login, or nobody where there is no lawful use.
    lawful: str | None = "north_staff"
    # The lawful answer shows the client's name.
    shows: bool = False
    # Tried over XML-RPC and JSON-2 too.
    everywhere: bool = False


class DoorsCase:
    """Odoo's doors from outside, each taking a user and a ``Try``; mixed into an ``HttpCase``."""

    def _call_web(self, user, attempt):
        """The web client's own call, in the user's session; the session is the one opened last."""
        args = [] if attempt.ids is None else [attempt.ids]
        params = {"model": attempt.model, "method": attempt.method, "args": args, "kwargs": attempt.kwargs}
        url = f"/web/dataset/call_kw/{attempt.model}/{attempt.method}"
        answer = self.url_open(url, json={"jsonrpc": "2.0", "method": "call", "id": 0, "params": params})
        body = answer.json()
        return "error" in body, body.get("result"), answer.text

    def _call_xmlrpc(self, user, attempt):
        args = [] if attempt.ids is None else [attempt.ids]
        password = self._key(user)
        try:
            result = self.xmlrpc_object.execute_kw(
                get_db_name(), user.id, password, attempt.model, attempt.method, args, attempt.kwargs
            )
        except Fault as fault:
            return True, None, fault.faultString
        return False, result, json.dumps(result, default=str)

    def _call_json2(self, user, attempt):
        body = {**attempt.kwargs, **({"ids": attempt.ids} if attempt.ids is not None else {})}
        headers = {"Authorization": f"bearer {self._key(user)}"}
        answer = self.url_open(f"/json/2/{attempt.model}/{attempt.method}", json=body, headers=headers)
        return answer.status_code != 200, answer.json() if answer.status_code == 200 else None, answer.text

    def _key_of_session(self):
        uid = self.session.uid
        return {"Authorization": f"bearer {self._key(self.env['res.users'].browse(uid))}"} if uid else {}

    def _key(self, user):
        keys = self.__dict__.setdefault("_keys", {})
        if user not in keys:
            apikeys = self.env["res.users.apikeys"].with_user(user).sudo()
            keys[user] = apikeys._generate("rpc", "test", datetime.now() + timedelta(days=1))
        return keys[user]


class AttackCase(DoorsCase, FileCase):
    allow_inherited_tests_method = True  # else Odoo runs only what each file defines itself
    # Who try the same for a lawful purpose.
    lawful_logins = ("north_staff", "north_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        cls.current = cls._target("Zwxqvist", "60", cls.north_manager)
        cls.ended = cls._target("Qvzxgren", "61", cls.north_manager, -400, -100)
        cls.protected = cls._target("Xqzwlund", "62", cls.north_manager)
        cls.protected["care.client"].protection_level = "marked"
        cls.locked = cls._target("Wzqxberg", "63", cls.north_manager)
        cls._lockout(cls.locked["care.client"], cls.north_staff)
        cls.lockout = cls._lockout(cls.current["care.client"], cls.oncall_lead)
        cls.was_here = cls._user("was_here", "social_care.group_care_staff")
        cls._member(cls.north, cls.was_here, start=-300, end=-1)
        cls.will_come = cls._user("will_come", "social_care.group_care_manager")
        cls._member(cls.north, cls.will_come, "manager", start=1)
        cls.stranger = cls._stranger("stranger", "social_care.group_care_manager")
        cls.employee = cls._user("employee", "base.group_user")
        cls.sysadmin = cls._user("sysadmin", "base.group_system")
        cls.portal = new_test_user(cls.env, "portal_user", "base.group_portal")
        cls.attackers = {
            "another unit's staff": (cls.south_staff, cls.current),
            "another unit's manager": (cls.south_manager, cls.current),
            "a member until yesterday": (cls.was_here, cls.current),
            "a manager from tomorrow": (cls.will_come, cls.current),
            "another company's manager": (cls.stranger, cls.current),
            "on-call staff": (cls.oncall_staff, cls.current),
            "the on-call lead": (cls.oncall_lead, cls.current),
            "a relative supporter": (cls.supporter, cls.current),
            "the privacy officer": (cls.privacy_officer, cls.current),
            "the care administrator": (cls.care_admin, cls.current),
            "Odoo's administrator": (cls.sysadmin, cls.current),
            "an employee of another trade": (cls.employee, cls.current),
            "a portal user": (cls.portal, cls.current),
            "staff, long after the stay": (cls.north_staff, cls.ended),
            "staff who are not named for a protected person": (cls.north_staff, cls.protected),
            "staff who are locked out": (cls.north_staff, cls.locked),
        }
        for user, _target in cls.attackers.values():
            if user != cls.portal:
                user.group_ids |= export
        cls.north_manager.group_ids |= export

    @classmethod
    def _target(cls, lastname, year, contact_person, start=-30, end=None):
        """A client of Norr whose every text holds the same rare word."""
        serial = f"{year}0101998"
        client = cls._client(
            f"Hemlig{lastname}",
            lastname,
            f"19{serial}{luhn.calc_check_digit(serial)}",
            phone=f"070-174 06 {year}",
            email=f"{lastname}@example.com",
            street=f"{lastname} väg 1",
            communication=f"{lastname} talar teckenspråk",
        )
        stay = cls._stay(client, cls.north, start, end)
        target = cls._file(client, cls.north, stay, contact_person, start)
        target["care.decision"].goal = f"{lastname} bor kvar"
        target["care.consent"].purpose = f"{lastname} i tidningen"
        attachments = cls.env["ir.attachment"]
        with by_app():  # as an earlier version let it be stored
            target["ir.attachment"] = attachments.create(
                [
                    {
                        "name": f"{lastname}.txt",
                        "raw": lastname.encode(),
                        "res_model": record._name,
                        "res_id": record.id,
                    }
                    for record in (stay, client)
                ]
            )
            todo = {"summary": "Ring", "user_id": contact_person.id, "note": lastname}
            stay.activity_schedule("mail.mail_activity_data_todo", **todo)
            target["mail.activity"] = stay.activity_schedule("mail.mail_activity_data_todo", **todo)
            target["mail.activity"].sudo().write({"feedback": f"Klart, {lastname}"})
            target["mail.activity"].action_feedback()
        target["mail.message"] = stay.sudo().message_ids
        return target

    def _secrets(self, target):
        client = target["care.client"]
        number = client.personal_number
        return [
            client.lastname.lower(),
            number,
            number[2:],
            f"{number[:8]}-{number[8:]}",
            client.phone[4:],
            client.reference,
        ]

    # ------------------------------------------------------------------
    # The attempts
    # ------------------------------------------------------------------

    def _tries(self, target):
        """Everything that is tried at a file, with the lawful use of the same route."""
        yield from self._tries_at_each_model(target)
        yield from self._tries_at_the_client(target)
        yield from self._tries_by_context(target)
        yield from self._tries_by_form(target)
        yield from self._tries_by_relation(target)
        yield from self._tries_around(target)
        yield from self._tries_to_change(target)

    def _tries_at_each_model(self, target):
        for model in FILE_MODELS:
            record = target[model]
            yield from self._tries_to_read(record)
            yield Try(
                f"copy {model}",
                model,
                "copy",
                record.ids,
                lawful=None,
                everywhere=model in ("care.client", "care.consent"),
            )

    def _tries_to_read(self, record, lawful="north_staff", exports="north_manager"):
        """A record by every method that reads, finds, counts or exports."""
        model, ids = record._name, record.ids
        domain = [("id", "in", ids)]
        spec = {"id": {}, "display_name": {}}
        for method, ids_, kwargs, who in [
            ("read", ids, {}, lawful),
            ("search", None, {"domain": domain}, lawful),
            ("search_count", None, {"domain": domain}, lawful),
            ("search_read", None, {"domain": domain}, lawful),
            ("web_read", ids, {"specification": spec}, lawful),
            ("web_search_read", None, {"domain": domain, "specification": spec}, lawful),
            (
                "formatted_read_group",
                None,
                {"domain": domain, "groupby": ["company_id"], "aggregates": ["__count"]},
                lawful,
            ),
            ("export_data", ids, {"fields_to_export": ["display_name"]}, exports),
        ]:
            yield Try(
                f"{method} {model}",
                model,
                method,
                ids_,
                kwargs,
                lawful=who,
                everywhere=method in ("read", "search_read"),
            )

    def _tries_at_the_client(self, target):
        client = target["care.client"]
        number = client.personal_number
        for field, operator, value in [
            ("lastname", "=", client.lastname),
            ("name", "ilike", client.lastname[2:6]),
            ("display_name", "ilike", client.lastname),
            ("display_name", "=", client.reference),
            ("personal_number", "=", number),
            ("personal_number", "in", [f"{number[2:8]}-{number[8:]}"]),
            ("personal_number", "like", number[:8]),
            ("phone", "like", client.phone[4:]),
            ("contact_ids.name", "ilike", client.lastname),
            ("stay_ids.unit_id", "=", self.north.id),
            ("id", "not in", [0]),
        ]:
            domain = [("id", "=", client.id), (field, operator, value)]
            yield Try(
                f"filter by {field} {operator}", "care.client", "search_count", kwargs={"domain": domain}
            )
        for text in (client.lastname, client.reference, number, f"{number[2:8]}-{number[8:]}"):
            yield Try(
                f"name_search {text}", "care.client", "name_search", kwargs={"name": text}, everywhere=True
            )
            yield Try(
                f"web_name_search {text}",
                "care.client",
                "web_name_search",
                kwargs={"name": text, "specification": {"display_name": {}, "name": {}}},
                shows=True,
            )
        domain = [("id", "=", client.id)]
        for fields in (["lastname"], ["personal_number"], ["protection_level", "name"]):
            kwargs = {"domain": domain, "groupby": fields, "aggregates": ["__count"]}
            shows = fields != ["personal_number"]
            yield Try(f"group by {fields}", "care.client", "formatted_read_group", kwargs=kwargs, shows=shows)
            yield Try(
                f"pivot by {fields}",
                "care.client",
                "formatted_read_grouping_sets",
                kwargs={"domain": domain, "grouping_sets": [fields, []], "aggregates": ["__count"]},
                shows=shows,
            )
            shows = fields == ["lastname"]
            yield Try(f"kanban by {fields}", "care.client", "web_read_group", kwargs=kwargs, shows=shows)
        yield Try(
            "the greatest name",
            "care.client",
            "formatted_read_group",
            kwargs={"domain": domain, "groupby": [], "aggregates": ["lastname:array_agg", "id:max"]},
            shows=True,
        )
        yield Try(
            "progress bar",
            "care.client",
            "read_progress_bar",
            kwargs={
                "domain": domain,
                "group_by": "lastname",
                "progress_bar": {"field": "protection_level", "colors": {"none": "success"}},
            },
            shows=True,
        )
        yield Try(
            "export everything",
            "care.client",
            "export_data",
            client.ids,
            {"fields_to_export": ["name", "personal_number", "contact_ids/name", "stay_ids/client_id/name"]},
            lawful="north_manager",
            shows=True,
        )
        for order in ("lastname", "personal_number desc", "phone, id"):
            yield Try(
                f"order by {order}",
                "care.client",
                "search_read",
                kwargs={"domain": domain, "fields": ["id"], "order": order},
            )

    def _tries_by_context(self, target):
        domain = [("id", "in", target["care.client"].ids)]
        for context in (
            {"tz": "Pacific/Kiritimati"},
            {"tz": "Etc/GMT+12"},
            {"active_test": False},
            {"bin_size": True},
            {"prefetch_fields": False},
            {"lang": "sv_SE"},
            {"allowed_company_ids": self.company.ids},
            {"allowed_company_ids": []},
            {"su": True, "uid": 1},
            {"mail_notrack": True, "formatted_display_name": True},
        ):
            yield Try(
                f"context {context}",
                "care.client",
                "search_read",
                kwargs={"domain": domain, "context": context},
                shows=True,
            )

    def _tries_by_form(self, target):
        """A form asks the server about values that nobody has saved."""
        client, stay = target["care.client"], target["care.stay"]
        inner = {"fields": {"display_name": {}, "name": {}, "personal_number": {}, "phone": {}}}
        stays = {"fields": {"listed_name": {}, "date_from": {}, "client_id": inner, "unit_id": {}}}
        yield Try(
            "onchange on the client itself",
            "care.client",
            "onchange",
            client.ids,
            {
                "values": {},
                "field_names": ["firstname"],
                "fields_spec": {"name": {}, "lastname": {}, "listed_name": {}},
            },
            closed=False,
            lawful=None,
        )
        for command in ([4, stay.id, 0], [1, stay.id, {}], [6, 0, stay.ids]):
            yield Try(
                f"a stay smuggled into a new client's form {command[0]}",
                "care.client",
                "onchange",
                [],
                {
                    "values": {"stay_ids": [command]},
                    "field_names": ["stay_ids"],
                    "fields_spec": {
                        "stay_ids": stays,
                        "unit_ids": {},
                        "call_first": {},
                        "contact_person_id": {},
                    },
                },
                closed=False,
                lawful=None,
            )
        for model in FILE_MODELS[1:]:
            spec = {"client_id": inner, "listed_name": {}, "display_name": {}}
            spec = {name: value for name, value in spec.items() if name in self.env[model]._fields}
            values = {"client_id": client.id}
            yield Try(
                f"a forbidden client chosen in {model}",
                model,
                "onchange",
                [],
                {"values": values, "field_names": ["client_id"], "fields_spec": spec},
                closed=False,
                lawful=None,
            )
            yield Try(
                f"a forbidden client as default in {model}",
                model,
                "onchange",
                [],
                {
                    "values": {},
                    "field_names": [],
                    "fields_spec": spec,
                    "context": {"default_client_id": client.id, "default_unit_id": self.north.id},
                },
                closed=False,
                lawful=None,
            )
            yield Try(
                f"defaults of {model}",
                model,
                "default_get",
                kwargs={"fields": list(spec), "context": {"default_client_id": client.id}},
                closed=False,
                lawful=None,
            )
        yield Try(
            "a decision chosen in a stay",
            "care.stay",
            "onchange",
            [],
            {
                "values": {"decision_id": target["care.decision"].id},
                "field_names": ["decision_id"],
                "fields_spec": {"decision_id": {"fields": {"goal": {}, "client_id": inner}}},
            },
            closed=False,
            lawful=None,
        )

    def _tries_by_relation(self, target):
        """From what one may see to what one may not."""
        client = target["care.client"]
        path = ("client_id.lastname", "=", client.lastname)
        for model in [*FILE_MODELS[1:], "care.client.lockout"]:
            lawful = None if model == "care.client.lockout" else "north_staff"
            domain = [("client_id", "=", client.id)]
            yield Try(
                f"{model} by name", model, "search_count", kwargs={"domain": [*domain, path]}, lawful=lawful
            )
            yield Try(
                f"{model} grouped by name",
                model,
                "formatted_read_group",
                kwargs={"domain": domain, "groupby": ["client_id.lastname"], "aggregates": []},
                lawful=lawful,
                shows=bool(lawful),
            )
            yield Try(
                f"{model} read through",
                model,
                "web_search_read",
                kwargs={
                    "domain": domain,
                    "specification": {"client_id": {"fields": {"name": {}, "phone": {}}}},
                },
                lawful=lawful,
                shows=bool(lawful),
                closed=model != "care.client.lockout",
            )
        yield Try(
            "through the unit",
            "care.unit",
            "web_search_read",
            kwargs={
                "domain": [("id", "=", self.north.id)],
                "specification": {
                    "taken": {},
                    "arriving": {},
                    "leaving": {},
                    "member_ids": {"fields": {"role": {}}},
                },
            },
            closed=False,
            lawful=None,
        )
        yield Try(
            "through colleagues",
            "hr.employee",
            "search_read",
            kwargs={"domain": [("name", "=", self.north_manager.name)], "fields": ["name"]},
            closed=False,
            lawful=None,
        )

    def _tries_around(self, target):
        """Odoo's own models that point at the file."""
        client, stay = target["care.client"], target["care.stay"]
        on_stay = [("res_model", "=", "care.stay"), ("res_id", "=", stay.id)]
        fields = ["res_name", "summary", "note", "display_name"]
        yield Try("activities", "mail.activity", "search_read", kwargs={"domain": on_stay, "fields": fields})
        yield Try(
            "activity", "mail.activity", "read", target["mail.activity"].ids, {"fields": fields}, lawful=None
        )
        yield Try(
            "activity names",
            "mail.activity",
            "search_count",
            kwargs={"domain": [*on_stay, ("res_name", "=", client.reference)]},
            lawful=None,
        )
        yield Try(
            "messages",
            "mail.message",
            "search_read",
            kwargs={
                "domain": [("model", "=", "care.stay"), ("res_id", "=", stay.id)],
                "fields": ["body", "subject"],
            },
            shows=True,
        )
        yield Try(
            "message", "mail.message", "read", target["mail.message"].ids, {"fields": ["body"]}, shows=True
        )
        yield Try("followers", "mail.followers", "search_count", kwargs={"domain": on_stay}, lawful=None)
        yield Try(
            "attachments",
            "ir.attachment",
            "search_read",
            kwargs={"domain": [("id", "in", target["ir.attachment"].ids)], "fields": ["name", "raw"]},
            shows=True,
            everywhere=True,
        )
        yield Try(
            "attachment",
            "ir.attachment",
            "read",
            target["ir.attachment"].ids,
            {"fields": ["name", "datas"]},
            shows=True,
        )
        yield Try(
            "external ids",
            "ir.model.data",
            "search_read",
            kwargs={"domain": [("model", "=", "care.client"), ("res_id", "=", client.id)]},
            lawful=None,
        )
        yield Try(
            "a contact of the client",
            "res.partner",
            "search_count",
            kwargs={"domain": ["|", ("name", "ilike", client.lastname), ("email", "ilike", client.lastname)]},
            lawful=None,
        )
        yield Try("what was exported", "ir.exports", "search_read", closed=False, lawful=None)
        yield Try(
            "a stored filter",
            "ir.filters",
            "get_filters",
            kwargs={"model": "care.client"},
            closed=False,
            lawful=None,
        )
        yield Try(
            "a default of one's own",
            "ir.default",
            "set",
            kwargs={
                "model_name": "care.client.contact",
                "field_name": "client_id",
                "value": client.id,
                "user_id": True,
            },
            closed=False,
            lawful=None,
        )
        yield Try(
            "the default in use",
            "care.client.contact",
            "onchange",
            [],
            {
                "values": {},
                "field_names": [],
                "fields_spec": {"client_id": {"fields": {"name": {}, "phone": {}}}},
            },
            closed=False,
            lawful=None,
        )

    def _tries_to_change(self, target):
        client, stay, contact = (target[name] for name in ("care.client", "care.stay", "care.client.contact"))
        new = {"client_id": client.id, "unit_id": self.south.id}
        for what, model, method, ids, kwargs in [
            ("write", "care.client", "write", client.ids, {"vals": {"firstname": "x"}}),
            ("web_save", "care.client", "web_save", client.ids, {"vals": {"firstname": "x"}, "specification": {}}),
            ("unlink", "care.client", "unlink", client.ids, {}),
            ("open to oneself", "care.client", "write", client.ids, {"vals": {"intake_unit_id": self.south.id}}),
            ("write the stay", "care.stay", "write", stay.ids, {"vals": {"date_to": "2020-01-01"}}),
            ("end the stay", "care.stay", "action_end", stay.ids, {}),
            ("start the stay", "care.stay", "action_start", stay.ids, {}),
            ("post", "care.stay", "message_post", stay.ids, {"body": "x"}),
            ("notify", "care.stay", "message_notify", stay.ids, {"body": "x", "partner_ids": [1]}),
            ("withdraw", "care.consent", "action_withdraw", target["care.consent"].ids, {}),
            ("write the contact", "care.client.contact", "write", contact.ids, {"vals": {"name": "x"}}),
            ("create a stay", "care.stay", "create", None, {"vals_list": [new]}),
            ("create a contact", "care.client.contact", "create", None, {"vals_list": [{**new, "name": "x"}]}),
            (
                "create with nested lines",
                "care.client",
                "create",
                None,
                {
                    "vals_list": [
                        {
                            "lastname": "Ny",
                            "intake_unit_id": self.south.id,
                            "company_id": self.company.id,
                            "stay_ids": [Command.link(stay.id)],
                        }
                    ]
                },
            ),
            (
                "steal lines",
                "care.client",
                "write",
                self.bo.ids,
                {"vals": {"contact_ids": [Command.link(contact.id)]}},
            ),
            ("change through lines", "care.client", "write", self.bo.ids,
             {"vals": {"contact_ids": [Command.update(contact.id, {"name": "x"})]}}),
            ("activity on the stay", "mail.activity", "create", None,
             {"vals_list": [{"res_model": "care.stay", "res_id": stay.id, "summary": "x"}]}),
        ]:  # fmt: skip
            yield Try(what, model, method, ids, kwargs, lawful=None, closed=what != "activity on the stay")
        for what, model, fields, row in [
            ("import over the client", "care.client", [".id", "firstname"], [str(client.id), "x"]),
            ("import a contact", "care.client.contact", ["client_id/.id", "unit_id/.id", "name"],
             [str(client.id), str(self.south.id), "x"]),
            ("import by reference", "care.client.contact", ["client_id", "unit_id", "name"],
             [client.reference, "Söder", "x"]),
        ]:  # fmt: skip
            yield Try(what, model, "load", None, {"fields": fields, "data": [row]}, closed=False, lawful=None)

    # ------------------------------------------------------------------
    # The three doors
    # ------------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_attack_by_the_web_client(self):
        self._attack(self._call_web)

    @mute_logger(*LOGGERS)
    def test_attack_by_xmlrpc(self):
        self._attack(self._call_xmlrpc, everything=False)

    @mute_logger(*LOGGERS)
    def test_attack_by_json2(self):
        self._attack(self._call_json2, everything=False)

    def test_lawful_use_by_the_web_client(self):
        self._use(self._call_web)

    def _attack(self, call, everything=True):
        """Everybody tries everything; then nothing has changed."""
        for who, (user, target) in self.attackers.items():
            self.authenticate(user.login, user.login)
            for attempt in self._tries(target):
                if not (everything and who in THOROUGH) and not attempt.everywhere:
                    continue
                with self.subTest(who=who, tries=attempt.what):
                    self.assertClosed(attempt, target, call(user, attempt))
        self.assertUnharmed()

    def _use(self, call, everything=True):
        """Who may gets an answer by the same way, or the attack would prove nothing."""
        lawful = {login: getattr(self, login) for login in self.lawful_logins}
        for login, user in lawful.items():
            self.authenticate(login, login)
            for attempt in self._tries(self.current):
                if attempt.lawful != login or not (everything or attempt.everywhere):
                    continue
                with self.subTest(who=login, tries=attempt.what):
                    refused, result, text = call(user, attempt)
                    if "allowed_company_ids" in attempt.what and "[]" in attempt.what:
                        continue  # no company chosen: nothing to see, for anyone
                    self.assertFalse(refused, text[:800])
                    self.assertTrue(self._substance(result), text[:500])
                    if attempt.shows:
                        self.assertIn("zwxq", text.lower())

    def assertUnharmed(self):
        """That the targets are as they were. Each test says how."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # What is wrong with an answer
    # ------------------------------------------------------------------

    def assertClosed(self, attempt, target, answer):
        refused, result, text = answer
        text = text.encode().decode("unicode_escape", "replace").lower() if "\\u" in text else text.lower()
        sent = json.dumps([attempt.kwargs, attempt.ids], default=str, ensure_ascii=False).lower()
        for secret in self._secrets(target):
            if secret.lower() not in sent:
                self.assertNotIn(secret.lower(), text, "a secret in the answer")
        if attempt.closed and not refused:
            self.assertFalse(self._substance(result), f"an answer with something in it: {text[:500]}")

    def _substance(self, value):
        """Whether an answer tells of any record: rows, numbers, texts."""
        if isinstance(value, dict):
            return any(self._substance(item) for key, item in value.items() if key != "__extra_domain")
        if isinstance(value, list):
            return any(self._substance(item) for item in value)
        return bool(value)
