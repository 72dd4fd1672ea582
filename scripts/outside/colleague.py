"""A curious colleague with a script: `colleague.py ADDRESS,... KNOWLEDGE.json RESULT.json`. Needs nothing but Python.

It holds one API key and one password for each role, knows every public method, report, route and attachment of the
module (see fill.py), and tries each of them at files that the role may open and at files that it may not. What it
saw of whom is written down: a text of client number n is known by its mark.
"""

import base64
import http.client
import itertools
import json
import re
import sys
import threading
import time
import urllib.parse
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

# One value for each parameter that a method of the module may want, by name.
GUESSES = {
    "vals": {}, "values": {}, "vals_list": [{}], "domain": [], "fields": ["display_name"], "reason": "Jag vill veta",
    "note": "Prov", "text": "Prov", "body": "Prov", "limit": 80, "offset": 0, "order": "id", "operator": "ilike",
    "outcome": "agreed", "method": "oral", "state": "done", "date": "2026-01-15", "date_from": "2020-01-01",
    "date_to": "2030-01-01", "role": "client", "format": "csv", "minutes": 10, "after_batch": None,
    "specification": {"display_name": {}}, "parent_field": "client_id", "child_field": None,
}  # fmt: skip
# Tried at every model: (method, takes ids)
CORE = ("read", "web_read", "search_read", "web_search_read", "export_data", "formatted_read_group", "search",
        "name_search", "onchange", "web_save", "aggregate", "oracle", "xmlrpc", "page", "csv")  # fmt: skip
# Tried at what hangs on a record of each model
HANGING = (
    "content",
    "image",
    "attachment",
    "attachment_search",
    "message",
    "activity",
    "thread",
    "mail_data",
)
# These must show an open record to whom it is open, or the attack proves nothing.
MUST_SHOW = ("read", "web_read", "search_read")
MUST_SHOW_OF = {
    "staff": (
        "care.client",
        "care.client.contact",
        "care.decision",
        "care.plan",
        "care.plan.line",
        "care.stay",
    ),
    "manager": (
        "care.client",
        "care.client.contact",
        "care.consent",
        "care.decision",
        "care.plan",
        "care.signature",
    ),
    "crew": ("care.client.card", "care.oncall.event"),
    "supporter": ("care.referral", "care.relative.case", "care.relative.note", "care.support.participant"),
}
# The lawful way in for those outside: tried last, since it opens the file to whoever gives number and reason.
LAST = "care.emergency"


class Attack:
    def __init__(self, addresses, know):
        self.addresses = [urllib.parse.urlparse(address) for address in addresses.split(",")]
        self.know = know
        self.turns = itertools.cycle(self.addresses)
        self.local = threading.local()
        self.mark_of = know["mark"].format
        self.seen, self.calls, self.statuses = [], 0, {}
        self.missed, self.took = [], []
        self.told = {}

    @staticmethod
    def count(know):
        """How many different ways there are: each wants a client of its own."""
        models = know["models"].values()
        methods = sum(len(model["methods"]) for model in models)
        return (
            methods
            + len(models) * (len(CORE) + len(HANGING))
            + 2 * len(know["reports"])
            + len(know["routes"])
        )

    # ------------------------------------------------------------------
    # Doors
    # ------------------------------------------------------------------

    def send(self, verb, path, body=None, headers=None):
        """One request; returns (status, body). Redirects to the login page are an answer too."""
        for attempt in range(3):
            connection = getattr(self.local, "connection", None)
            try:
                if connection is None:
                    address = next(self.turns)
                    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
                    self.local.connection = connection
                connection.request(verb, path, body, headers or {})
                response = connection.getresponse()
                answer = response.read()
                self.calls += 1
                self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
                return response, answer.decode("utf-8", "replace")
            except (http.client.HTTPException, ConnectionError, OSError):
                connection.close()
                self.local.connection = None
                if attempt == 2:
                    raise
        return None

    def json2(self, role, model, method, /, **body):
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.know['roles'][role]['key']}",
        }
        return self.send("POST", f"/json/2/{model}/{method}", json.dumps(body), headers)[1]

    def xmlrpc(self, role, model, method, /, *arguments, **keywords):
        who = self.know["roles"][role]
        call = (self.know["database"], who["id"], who["key"], model, method, arguments, keywords)
        body = xmlrpc.client.dumps(call, "execute_kw", allow_none=True)
        return self.send("POST", "/xmlrpc/2/object", body, {"Content-Type": "text/xml"})[1]

    def login(self, role):
        """A session, as a browser has one."""
        who = self.know["roles"][role]
        params = {"db": self.know["database"], "login": who["login"], "password": who["password"]}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        response, answer = self.send(
            "POST", "/web/session/authenticate", body, {"Content-Type": "application/json"}
        )
        cookies = [value.split(";")[0] for key, value in response.getheaders() if key.lower() == "set-cookie"]
        who["cookie"] = "; ".join(cookie for cookie in cookies if cookie.startswith("session_id"))
        if f'"uid": {who["id"]}' not in answer:
            raise SystemExit(f"{role} cannot log in: {answer[:300]}")

    def page(self, role, path, /, **form):
        headers = {"Cookie": self.know["roles"][role]["cookie"]}
        if not form:
            return self.send("GET", path, None, headers)[1]
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.send("POST", path, urllib.parse.urlencode(form), headers)[1]

    def browser(self, role, path, /, **params):
        headers = {"Cookie": self.know["roles"][role]["cookie"], "Content-Type": "application/json"}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        return self.send("POST", path, body, headers)[1]

    # ------------------------------------------------------------------
    # Ways
    # ------------------------------------------------------------------

    def ways(self):
        """(name, model, function of role and number): all that is tried but the lawful way in."""
        for name, model in sorted(self.know["models"].items()):
            if not name.startswith(LAST):
                yield from self.ways_at(name, model)
        for report in self.know["reports"]:
            for kind in ("html", "pdf"):
                yield f"report {kind} {report['name']}", report["model"], self.report(kind, report["name"])
        for rule in self.know["routes"]:
            yield f"route {rule}", "care.client", self.route(rule)

    def last_ways(self):
        for name, model in sorted(self.know["models"].items()):
            if name.startswith(LAST):
                yield from self.ways_at(name, model)

    def ways_at(self, name, model):
        for way in CORE if model["kind"] else ():
            yield f"{way} {name}", name, getattr(self, f"try_{way}", None) or self.core(way)
        for method, signature in model["methods"].items():
            yield f"{name}.{method}", name, self.own(method, signature)
        if model["kind"] and name in self.know["attachments"]:
            for way in HANGING if model["thread"] else HANGING[:4]:
                yield f"{way} at {name}", name, getattr(self, f"hang_{way}")

    def core(self, way):
        def call(role, name, ident, number):
            bodies = {
                "read": {"ids": [ident]},
                "web_read": {"ids": [ident], "specification": self.specification(role, name)},
                "search_read": {"domain": [["id", "=", ident]]},
                "web_search_read": {
                    "domain": [["id", "=", ident]],
                    "specification": self.specification(role, name),
                },
                "export_data": {"ids": [ident], "fields_to_export": self.texts(name) or ["display_name"]},
                "web_save": {"ids": [ident], "vals": {}, "specification": self.specification(role, name)},
                "search": {"domain": self.containing(name, number)},
                "name_search": {"name": self.mark_of(number)},
                "onchange": {
                    "ids": [ident],
                    "values": {},
                    "field_names": [],
                    "fields_spec": self.specification(role, name),
                },
            }
            return self.json2(role, name, way, **bodies[way])

        return call

    def specification(self, role, name):
        """All fields that the role is told of; all there are where it is told nothing."""
        if (role, name) not in self.told:
            answer = self.json2(role, name, "fields_get", attributes=["type"])
            told = json.loads(answer) if answer.startswith("{") else {}
            fields = self.know["models"][name]["fields"]
            self.told[role, name] = {f: kind for f, kind in fields.items() if f in told} or fields
        fields = self.told[role, name]
        nested = {"fields": {"display_name": {}}}
        return {
            f: nested if kind in ("many2one", "one2many", "many2many") else {} for f, kind in fields.items()
        }

    def texts(self, name):
        """Those that one can search and group by."""
        model = self.know["models"][name]
        return [f for f in model["stored"] if model["fields"].get(f) in ("char", "text", "html")]

    def containing(self, name, number):
        texts = [[f, "ilike", self.mark_of(number)] for f in self.texts(name)]
        return ["|"] * (len(texts) - 1) + texts

    def try_formatted_read_group(self, role, name, ident, number):
        domain = [["id", "=", ident]]
        return "".join(
            self.json2(
                role, name, "formatted_read_group", domain=domain, groupby=[field], aggregates=["__count"]
            )
            for field in self.texts(name)[:6]
        )

    def try_aggregate(self, role, name, ident, number):
        domain = [["id", "=", ident]]
        wanted = [f"{field}:array_agg" for field in self.texts(name)[:8]]
        return self.json2(role, name, "formatted_read_group", domain=domain, groupby=[], aggregates=wanted)

    def try_oracle(self, role, name, ident, number):
        """No text, but how many there are with it: one is as good as the text."""
        fields = self.texts(name)
        if not fields:
            return ""
        count = self.json2(
            role, name, "search_count", domain=[["id", "=", ident], *self.containing(name, number)]
        )
        return self.mark_of(number) if count.strip() == "1" else ""

    def try_search(self, role, name, ident, number):
        if not self.texts(name):
            return ""
        found = self.core("search")(role, name, ident, number)
        return self.mark_of(number) if f"[{ident}]" == found.strip() else found

    def try_xmlrpc(self, role, name, ident, number):
        return self.xmlrpc(role, name, "read", [ident]) + self.xmlrpc(
            role, name, "search_read", [["id", "=", ident]]
        )

    def try_page(self, role, name, ident, number):
        """As the web client asks."""
        return self.browser(
            role, f"/web/dataset/call_kw/{name}/web_read", model=name, method="web_read", args=[[ident]],
            kwargs={"specification": self.specification(role, name)},
        )  # fmt: skip

    def try_csv(self, role, name, ident, number):
        fields = [{"name": field, "label": field} for field in self.texts(name)[:10] or ["display_name"]]
        data = {
            "model": name, "fields": fields, "ids": [ident], "domain": [], "import_compat": False,
            "context": {}, "groupby": [],
        }  # fmt: skip
        return self.page(role, "/web/export/csv", data=json.dumps(data))

    def own(self, method, signature):
        def call(role, name, ident, number):
            body = {parameter: self.guess(parameter, ident, number) for parameter in signature["parameters"]}
            made = ""
            if not signature["model"]:
                body["ids"] = [ident]
            if self.know["models"][name]["transient"]:
                made, body["ids"] = self.wizard(role, name, ident)
                if not body["ids"] and not signature["model"]:
                    return made
            return made + self.json2(role, name, method, **body)

        return call

    def wizard(self, role, name, ident):
        """A dialog about the client, as it comes and as it then reads."""
        links = self.know["models"][name]["links"].items()
        vals = {field: ident for field, target in links if self.know["models"].get(target, {}).get("kind")}
        known = self.know["models"][name]["fields"]
        vals |= {
            field: GUESSES[field]
            for field, kind in known.items()
            if field in GUESSES and kind in ("char", "text")
        }
        answer = self.json2(role, name, "create", vals_list=[vals])
        if not re.fullmatch(r"\[\d+\]", answer.strip()):
            return answer, []
        ids = json.loads(answer)
        shown = self.json2(role, name, "web_read", ids=ids, specification=self.specification(role, name))
        return answer + shown, ids

    def guess(self, parameter, ident, number):
        if parameter in GUESSES:
            return GUESSES[parameter]
        if parameter.endswith("ids"):
            return [ident]
        if parameter.endswith("_id") or parameter in ("client", "unit", "record"):
            return ident
        if parameter in ("identifier", "key", "number", "reference"):
            return f"K-{ident}"
        return self.mark_of(number)

    def report(self, kind, name):
        def call(role, model, ident, number):
            answer = self.page(role, f"/report/{kind}/{name}/{ident}")
            return self.mark_of(number) if answer.startswith("%PDF") else answer  # its text is compressed

        return call

    def route(self, rule):
        def call(role, model, ident, number):
            return self.page(role, re.sub(r"<[^>]+>", str(ident), rule))

        return call

    # what hangs on a record

    def hung(self, name, ident):
        return self.know["attachments"][name] + ident - self.know["start"]

    def hang_content(self, role, name, ident, number):
        return self.page(role, f"/web/content/{self.hung(name, ident)}?download=1")

    def hang_image(self, role, name, ident, number):
        images = [f for f, kind in self.know["models"][name]["fields"].items() if kind in ("binary", "image")]
        return "".join(
            self.page(role, f"/web/content/{name}/{ident}/{field}") for field in [*images, "display_name"]
        )

    def hang_attachment(self, role, name, ident, number):
        answer = self.json2(
            role, "ir.attachment", "read", ids=[self.hung(name, ident)], fields=["name", "datas"]
        )
        return answer + (self.mark_of(number) if self.encoded(number) in answer else "")

    def encoded(self, number):
        return base64.b64encode(self.mark_of(number).encode()).decode()

    def hang_attachment_search(self, role, name, ident, number):
        domain = [["res_model", "=", name], ["res_id", "=", ident]]
        fields = ["name", "index_content"]
        return self.json2(role, "ir.attachment", "search_read", domain=domain, fields=fields)

    def hang_message(self, role, name, ident, number):
        domain = [["model", "=", name], ["res_id", "=", ident]]
        return self.json2(role, "mail.message", "search_read", domain=domain, fields=["body", "subject"])

    def hang_activity(self, role, name, ident, number):
        domain = [["res_model", "=", name], ["res_id", "=", ident]]
        return self.json2(role, "mail.activity", "search_read", domain=domain, fields=["summary", "note"])

    def hang_thread(self, role, name, ident, number):
        return self.browser(
            role, "/mail/thread/messages", thread_model=name, thread_id=ident, fetch_params={}
        )

    def hang_mail_data(self, role, name, ident, number):
        lists = ["activities", "attachments", "followers", "scheduledMessages", "suggestedRecipients"]
        params = {"thread_model": name, "thread_id": ident, "request_list": lists}
        return self.browser(role, "/mail/data", fetch_params=[["mail.thread", params]])

    # ------------------------------------------------------------------
    # The attack
    # ------------------------------------------------------------------

    def run(self):
        began = time.monotonic()
        for role in self.know["roles"]:
            self.login(role)
        self.homes = iter(range(self.know["kinds"]["home"][0], self.know["kinds"]["home"][1] + 1))
        self.lock = threading.Lock()
        for ways in (list(self.ways()), list(self.last_ways())):
            with ThreadPoolExecutor(4) as pool:  # small parts, so that nobody is left to work alone
                done = [
                    pool.submit(self.attack_as, role, ways[part::8])
                    for role in self.know["roles"]
                    for part in range(8)
                ]
            for future in done:
                future.result()
        return {
            "seen": self.seen,
            "missed": self.missed,
            "calls": self.calls,
            "statuses": self.statuses,
            "seconds": round(time.monotonic() - began),
            "slowest": sorted(self.took, reverse=True)[:100],
        }

    def attack_as(self, role, ways):
        opens = self.know["roles"][role]["opens"]
        for way, model, call in ways:
            for kind, number in self.targets(role, model):
                ident = self.know["start"] + number
                began = time.monotonic()
                answer = call(role, model, ident, number)
                self.took.append((round(time.monotonic() - began, 1), role, way, kind))
                if self.mark_of(number) in answer:
                    with self.lock:
                        self.seen.append([role, way, model, kind, number])
                elif (
                    way.split()[0] in MUST_SHOW
                    and model in MUST_SHOW_OF.get(role, ())
                    and opened(opens, kind, model)
                ):
                    self.missed.append([role, way, kind, answer[:300]])

    def targets(self, role, model):
        """A fresh client that the role may open; and one of each kind that it may not."""
        opens = self.know["roles"][role]["opens"]
        neutral = self.know["models"].get(model, {}).get("kind") == "relative"
        for kind, (first, _last) in self.know["kinds"].items():
            if neutral != (kind == "relative"):
                continue
            if kind == "home" and "home" in opens:
                with self.lock:  # not while the caller works
                    number = next(self.homes)
                yield kind, number
            elif kind in opens or kind in self.know["roles"][role]["closed"]:
                yield kind, first + list(self.know["roles"]).index(role)


def opened(opens, kind, model):
    return kind in opens and (opens[kind] is None or model in opens[kind])


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        attack = Attack(sys.argv[1], json.load(file))
    with open(sys.argv[3], "w") as file:
        json.dump(attack.run(), file)
