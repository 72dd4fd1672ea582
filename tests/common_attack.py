"""The carrier of attacks inside a test: Odoo's doors at the server of an ``HttpCase``, and what is tried through them."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple
from xmlrpc.client import Fault

from odoo.tests import get_db_name

from .attacks.doors import Answer, Doors

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


class TestDoors(Doors):
    """All that the colleague's doors can, by the requests of a test."""

    def __init__(self, case, know):
        super().__init__(case.base_url(), know)
        self.case = case

    def request(self, verb, path, body, headers):
        cookies = dict(pair.split("=", 1) for pair in [headers.pop("Cookie", "")] if pair)
        self.case.opener.cookies.clear()  # whoever asked last
        answer = self.case.url_open(
            path, data=body, headers=headers, cookies=cookies, method=verb, allow_redirects=False, timeout=120
        )
        return Answer(answer.status_code, list(answer.headers.items()), answer.content)


class Try(NamedTuple):
    """One call, sent alike over the web client, XML-RPC and JSON-2."""

    what: str
    model: str
    method: str
    ids: list | None = None
    kwargs: dict = {}


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
