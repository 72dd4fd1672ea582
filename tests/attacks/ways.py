"""Kinds that look: every way to a row, every route, and answers that must not differ."""

import json
import re

from .attempts import GUESSES, MISSING, WAY_IN, Attacking, Attempt
from .expected import MUST_SHOW, proves

# Tried at every model with files, by name of the function below.
CORE = ("read", "web_read", "search_read", "web_search_read", "export_data", "formatted_read_group", "aggregate",
        "search", "name_search", "onchange", "web_save", "xmlrpc", "call_kw", "csv", "xlsx", "json1",
        "count_oracle", "csv_oracle", "json1_oracle", "grouped_csv", "related_count")  # fmt: skip
# Tried at what hangs on a record of each model
HANGING = (
    "content",
    "picture",
    "attachment",
    "attachment_search",
    "message",
    "activity",
    "thread",
    "mail_data",
)


class Ways(Attacking):
    """Each way to one row: by Odoo's methods, by the module's own, by prints, and by what hangs on the row."""

    name = "ways"

    def attempts(self):
        for model, known in self.models.items():
            ways = []
            if known["kind"]:
                ways += [(way, getattr(self, f"by_{way}", None) or self.core(way)) for way in CORE]
            if model in self.know["hung"]:
                ways += [(way, getattr(self, f"hung_{way}")) for way in HANGING]
            if model.startswith("care."):
                ways += [
                    (f"method {method}", self.own(method, told)) for method, told in known["methods"].items()
                ]
            yield from self.at_all(model, ways)
        for report in self.know["reports"]:
            ways = [
                (f"report {how} {report['name']}", self.report(how, report["name"]))
                for how in ("html", "pdf")
            ]
            yield from self.at_all(report["model"], ways)

    def at_all(self, model, ways):
        at = model if self.models[model]["kind"] else "care.client"
        for role in self.roles:
            for target in self.kinds_of(at):
                for way, function in ways:
                    door = f"{way} {model}"
                    run, named = (
                        self.at(function, role, model),
                        self.is_always_tried(role, model, target, way),
                    )
                    opens = model.startswith(WAY_IN)
                    yield Attempt(self.name, role, model, door, target, run, ("read", at), named, opens)

    def is_always_tried(self, role, model, target, way):
        """What proves that the attack can see anything, and every way to a client's own page."""
        shows = model in MUST_SHOW.get(role, ()) and self.is_open(role, target, model)
        return shows and (proves(way, model) or (model == "care.client" and target == "home"))

    def at(self, function, role, model):
        return lambda number: function(role, model, self.ident(number), number)

    def core(self, way):
        def call(role, model, ident, number):
            spec, domain = self.specification(role, model), [["id", "=", ident]]
            bodies = {
                "read": {"ids": [ident]},
                "web_read": {"ids": [ident], "specification": spec},
                "search_read": {"domain": domain},
                "web_search_read": {"domain": domain, "specification": spec},
                "export_data": {"ids": [ident], "fields_to_export": self.texts(model) or ["display_name"]},
                "web_save": {"ids": [ident], "vals": {}, "specification": spec},
                "name_search": {"name": self.mark(model, "name", number)},
                "onchange": {"ids": [ident], "values": {}, "field_names": [], "fields_spec": spec},
            }
            return self.doors.json2(role, model, way, **bodies[way])

        return call

    def by_xmlrpc(self, role, model, ident, number):
        self.doors.xmlrpc(role, model, "read", [ident])
        return self.doors.xmlrpc(role, model, "search_read", [["id", "=", ident]])

    def by_call_kw(self, role, model, ident, number):
        spec = self.specification(role, model)
        return self.doors.call_kw(role, model, "web_read", [ident], specification=spec)

    def by_formatted_read_group(self, role, model, ident, number):
        for field in self.texts(model)[:6]:
            answer = self.call(
                role, model, "formatted_read_group", domain=[["id", "=", ident]], groupby=[field], aggregates=["__count"]
            )  # fmt: skip
        return answer if self.texts(model) else None

    def by_aggregate(self, role, model, ident, number):
        wanted = [f"{field}:array_agg" for field in self.texts(model)[:8]]
        return self.call(
            role, model, "formatted_read_group", domain=[["id", "=", ident]], groupby=[], aggregates=wanted
        )

    # questions whose answer is one bit of the text

    def by_search(self, role, model, ident, number):
        domain = [["id", "=", ident], *self.containing(model, number)]
        if self.call(role, model, "search", domain=domain).value() == [ident]:
            self.guessed(model, number)

    def by_count_oracle(self, role, model, ident, number):
        domain = [["id", "=", ident], *self.containing(model, number)]
        if self.call(role, model, "search_count", domain=domain).value() == 1:
            self.guessed(model, number)

    def by_related_count(self, role, model, ident, number):
        """By the path that leads back to the client's own words."""
        if "client_id" not in self.models[model]["fields"]:
            return
        domain = [
            ["id", "=", ident],
            ["client_id.lastname", "=", self.mark("care.client", "lastname", number)],
        ]
        if self.call(role, model, "search_count", domain=domain).value() == 1:
            self.guessed("care.client", number)

    def by_csv_oracle(self, role, model, ident, number):
        domain = [["id", "=", ident], *self.containing(model, number)]
        answer = self.export(role, model, ["create_date"], domain=domain)
        if not answer.refused and answer.text.count("\n") > 1:
            self.guessed(model, number)

    def by_json1_oracle(self, role, model, ident, number):
        domain = [
            ("id", "=", ident),
            *(part if part == "|" else tuple(part) for part in self.containing(model, number)),
        ]
        answer = self.doors.bearer(
            role, f"/json/1/m-{model}", domain=repr(domain), view_type="list", offset=0, limit=1, fields="create_date"
        )  # fmt: skip
        value = answer.value()
        if not answer.refused and isinstance(value, dict) and value.get("length") == 1:
            self.guessed(model, number)

    def guessed(self, model, number):
        known = [f for f in self.texts(model) if f"{model}.{f}" in self.doors.number_of]
        if known:
            self.doors.tell(number, f"{model}.{known[0]}")

    # files that leave

    def export(self, role, model, fields, ids=False, domain=(), groupby=(), form="csv"):
        data = {
            "model": model, "fields": [{"name": f, "label": f, "type": "char"} for f in fields], "ids": ids,
            "domain": list(domain), "import_compat": False, "context": {}, "groupby": list(groupby),
        }  # fmt: skip
        return self.doors.post(role, f"/web/export/{form}", data=json.dumps(data))

    def by_csv(self, role, model, ident, number):
        return self.export(role, model, self.texts(model)[:10] or ["display_name"], [ident])

    def by_xlsx(self, role, model, ident, number):
        return self.export(role, model, self.texts(model)[:10] or ["display_name"], [ident], form="xlsx")

    def by_grouped_csv(self, role, model, ident, number):
        """Headings of a list that holds nothing but dates: a spreadsheet alone has groups."""
        for field in self.texts(model)[:4]:
            self.export(
                role, model, ["create_date"], domain=[["id", "=", ident]], groupby=[field], form="xlsx"
            )

    def by_json1(self, role, model, ident, number):
        self.doors.bearer(role, f"/json/1/m-{model}/{ident}", view_type="form")
        self.doors.bearer(
            role, f"/json/1/m-{model}", domain=f"[('id', '=', {ident})]", view_type="list", offset=0, limit=1,
            fields=",".join(self.texts(model)[:6]),
        )  # fmt: skip
        for field in self.texts(model)[:3]:
            self.doors.bearer(
                role, f"/json/1/m-{model}", domain=f"[('id', '=', {ident})]", view_type="list", offset=0, limit=1,
                groupby=field,
            )  # fmt: skip

    def report(self, how, name):
        def call(role, model, ident, number):
            answer = self.doors.get(role, f"/report/{how}/{name}/{ident}")
            if answer.is_pdf:  # its text is compressed
                self.guessed(model, number)

        return call

    # the module's own methods

    def own(self, method, told):
        def call(role, model, ident, number):
            body = {parameter: self.guess(parameter, model, number) for parameter in told["parameters"]}
            ids = None if told["model"] else [ident]
            if self.models[model]["transient"] and not told["model"]:
                ids = self.dialog(role, model, number)
                if not ids:
                    return
            self.call(role, model, method, ids, **body)

        return call

    def dialog(self, role, model, number):
        """A dialog about the client, as it comes and as it then reads."""
        vals = {field: self.ident(number) for field in self.links(model)}
        vals |= {f: GUESSES[f] for f in self.fields(model, "char", "text") if f in GUESSES}
        ids, _answer = self.make(role, model, **vals)
        if ids:
            self.doors.json2(role, model, "web_read", ids=ids, specification=self.specification(role, model))
        return ids

    # what hangs on a record

    def hung_content(self, role, model, ident, number):
        self.doors.get(role, f"/web/content/{self.hung(model, number)}", download=1)

    def hung_picture(self, role, model, ident, number):
        for field in [*self.fields(model, "binary", "image"), "display_name"]:
            self.doors.get(role, f"/web/content/{model}/{ident}/{field}")
            self.doors.get(role, f"/web/image/{model}/{ident}/{field}")

    def hung_attachment(self, role, model, ident, number):
        self.call(role, "ir.attachment", "read", [self.hung(model, number)], fields=["name", "datas"])

    def hung_attachment_search(self, role, model, ident, number):
        domain = [
            ["res_model", "=", model],
            ["res_id", "=", ident],
            ["res_field", "in", [False, "image", "file"]],
        ]
        self.call(role, "ir.attachment", "search_read", domain=domain, fields=["name", "index_content"])

    def hung_message(self, role, model, ident, number):
        domain = [["model", "=", model], ["res_id", "=", ident]]
        self.call(role, "mail.message", "search_read", domain=domain, fields=["body", "subject"])

    def hung_activity(self, role, model, ident, number):
        domain = [["res_model", "=", model], ["res_id", "=", ident]]
        self.call(role, "mail.activity", "search_read", domain=domain, fields=["summary", "note"])

    def hung_thread(self, role, model, ident, number):
        self.doors.rpc(role, "/mail/thread/messages", thread_model=model, thread_id=ident, fetch_params={})

    def hung_mail_data(self, role, model, ident, number):
        lists = ["activities", "attachments", "followers", "scheduledMessages", "suggestedRecipients"]
        params = {"thread_model": model, "thread_id": ident, "request_list": lists}
        self.doors.rpc(role, "/mail/data", fetch_params=[["mail.thread", params]])


class Routes(Attacking):
    """Every route of the database that takes a model or an id, Odoo's own and other apps' included."""

    name = "routes"
    # What would end the session, the server or the database, or change who one is.
    LEFT_OUT = re.compile(
        r"/web/(database|become|tests|login|reset)|/session/|logout|websocket|/signup|/payment"
    )
    TELLING = re.compile(r"model|(^|_)ids?$|^res|record|thread|domain|^args$")

    def attempts(self):
        for route in self.know["routes"]:
            names = [*route["path"], *route["parameters"]]
            if self.LEFT_OUT.search(route["rule"]):
                continue
            if not (route["more"] or route["ours"] or any(self.TELLING.search(name) for name in names)):
                continue
            for role in self.roles:
                at = [(model, target) for model in self.files() for target in self.closed_kinds(role, model)]
                for model, target in self.random(route["rule"], role).sample(at, min(len(at), 8)):
                    door = f"{'POST' if route['json'] else 'GET'} {route['rule']} {model}"
                    yield Attempt(self.name, role, model, door, target, self.asking(route, role, model))

    def asking(self, route, role, model):
        def ask(number):
            path = re.sub(
                r"<(?:([^<>:]+(?:\([^)]*\))?):)?([^<>]+)>",
                lambda found: str(self.in_path(found[1] or "", found[2], model, number)),
                route["rule"],
            )
            names = [name for name in route["parameters"] if name not in route["path"]]
            if route["more"]:
                names += [
                    "model",
                    "res_model",
                    "id",
                    "res_id",
                    "record_id",
                    "limit",
                    "template_key",
                    "domain",
                ]
            asked = {name: self.guess(name, model, number, route["json"]) for name in names}
            if route["json"]:
                return self.doors.rpc(role, path, **asked)
            flat = {n: v if isinstance(v, str | int) else json.dumps(v) for n, v in asked.items()}
            return (self.doors.get if "GET" in route["methods"] else self.doors.post)(role, path, **flat)

        return ask

    def in_path(self, converter, name, model, number):
        if converter.startswith("path"):
            return f"m-{model}/{self.ident(number)}"
        if converter.startswith(("int", "model", "_")) and "string" not in converter:
            return self.guess(name if name.endswith("_id") else "id", model, number)
        if converter.startswith("any"):
            return converter.partition("(")[2].split(",")[0].strip("')\" ")
        return self.guess(name, model, number, in_json=False)


class Alike(Attacking):
    """Closed, missing and locked-out give the same answer, by each method that takes records."""

    name = "alike"
    METHODS = {
        "read": {}, "web_read": {"specification": {"display_name": {}}}, "copy": {}, "get_metadata": {},
        "get_external_id": {}, "export_data": {"fields_to_export": ["id"]}, "write": {"vals": {}}, "unlink": {},
        "web_save": {"vals": {}, "specification": {}}, "has_access": {"operation": "read"},
        "check_access": {"operation": "read"}, "exists": {}, "get_formview_action": {}, "action_archive": {},
        "copy_data": {}, "message_get_suggested_recipients": {}, "get_formview_id": {}, "toggle_active": {},
        "get_base_url": {}, "get_field_translations": {"field_name": "name"}, "update_field_translations":
        {"field_name": "name", "translations": {}}, "onchange": {"values": {}, "field_names": [], "fields_spec": {}},
    }  # fmt: skip

    def attempts(self):
        for model in self.files():
            if model.startswith(WAY_IN):
                continue  # its methods open what is then compared
            methods = [
                *self.METHODS,
                *(m for m, told in self.models[model]["methods"].items() if not told["model"]),
            ]
            for role in self.roles:
                for target in self.closed_kinds(role, model):
                    for method in methods:
                        door = f"{method} {model}"
                        run = self.comparing(role, model, method)
                        yield Attempt(self.name, role, model, door, target, run, ("read", model))

    def comparing(self, role, model, method):
        def compare(number):
            told = self.models[model]["methods"].get(method, {"parameters": ()})
            door = self.random(role, model, method).choice(
                (self.doors.json2, self.doors.call_kw, self.doors.xmlrpc)
            )
            answers = []
            for one in (number, self.know["missing"]):
                body = self.METHODS.get(method) or {p: self.guess(p, model, one) for p in told["parameters"]}
                if door == self.doors.json2:
                    answer = door(role, model, method, ids=[self.ident(one)], **body)
                else:
                    answer = door(role, model, method, [self.ident(one)], **body)
                answers.append((answer.status, self.plain(answer.text, one)))
            if answers[0] != answers[1]:
                self.found(f"tells closed from {MISSING}: {first_difference(*answers)}")

        return compare

    def plain(self, text, number):
        """Without the number asked for, the clock, and the trace that a server in debug mode adds."""
        text = re.sub(r'"debug": "(?:[^"\\]|\\.)*"', "", text)
        text = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?", "WHEN", text)
        return text.replace(str(self.ident(number)), "ID")


def first_difference(one, other):
    if one[0] != other[0]:
        return f"status {one[0]}, {other[0]}: {one[1][:160]} | {other[1][:160]}"
    at = next((i for i, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), 0)
    return f"{one[1][max(0, at - 40) : at + 90]} | {other[1][max(0, at - 40) : at + 90]}"
