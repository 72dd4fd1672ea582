"""What every kind of attack needs: at whom, with which values, through which door."""

import itertools
import json
import random
import re
import threading
from typing import NamedTuple

from .expected import personal_number

MISSING = "missing"
TEXT = ("char", "text", "html")
TAMPERED = "intrång"  # in every text that we write
DAY = "2001-02-03"
# The lawful way in for those outside: whoever takes it has a client of its own, or what follows would prove nothing.
WAY_IN = "care.emergency"
# One value for each parameter that a method or a route may want, by name.
GUESSES = {
    "vals": {}, "values": {}, "vals_list": [{}], "domain": [], "fields": ["display_name"], "reason": "Jag vill bara veta",
    "limit": 1, "offset": 0, "order": "id", "operator": "ilike", "outcome": "agreed", "method": "read",
    "state": "done", "date": "2026-01-15", "date_from": "2020-01-01", "date_to": "2030-01-01", "role": "client",
    "format": "csv", "minutes": 10, "after_batch": None, "specification": {"display_name": {}},
    "parent_field": "client_id", "child_field": None, "search_domain": [], "fetch_params": {}, "kwargs": {},
    "post_data": {"body": TAMPERED, "message_type": "comment", "partner_emails": ["utanfor@example.com"]}, "context": {}, "with_sample": False, "width": 0, "height": 0, "unique": "1", "download": "1", "field": "image",
}  # fmt: skip


class Attempt(NamedTuple):
    """One attempt: ``run(number)`` tries it at the client of that number."""

    kind: str
    role: str
    model: str
    door: str
    target: str
    run: object
    needs: tuple = ()  # what the role must have the right to, or it is in vain from the start: (operation, model)
    named: bool = False  # always tried
    opens: bool = False  # opens the file on the way, lawfully: at a client of its own

    def __str__(self):
        return f"{self.kind}: {self.role} {self.door} at {self.target}"


class Attacking:
    """Base of each kind."""

    name = ""

    def __init__(self, doors, seed):
        self.doors, self.know, self.seed = doors, doors.know, seed
        self.roles, self.models = self.know["roles"], self.know["models"]
        self.here = doors.here
        self.told = {}

    def attempts(self):
        """All there are, as one goes through the registry."""
        raise NotImplementedError

    def found(self, what):
        self.here.found.append(what)

    # --- at whom ------------------------------------------------------------------------------------

    def ident(self, number):
        return self.know["start"] + number

    def files(self):
        return [name for name, model in self.models.items() if model["kind"]]

    def kinds_of(self, model):
        neutral = self.models.get(model, {}).get("kind") == "relative"
        return [kind for kind in self.know["kinds"] if neutral == (kind == "relative")]

    def is_open(self, role, kind, model):
        opens = self.roles[role]["opens"]
        return kind in opens and (opens[kind] is None or model in opens[kind])

    def open_kinds(self, role, model):
        return [kind for kind in self.kinds_of(model) if self.is_open(role, kind, model)]

    def closed_kinds(self, role, model):
        return [kind for kind in self.kinds_of(model) if not self.is_open(role, kind, model)]

    def may_name(self, role, kind, model):
        """Who opens no more than a client's name on a card still works with that client."""
        return self.is_open(role, kind, model) or f"{model}.name" in (
            self.roles[role]["opens"].get(kind) or ()
        )

    # --- with which values --------------------------------------------------------------------------

    def fields(self, model, *types):
        return [name for name, field in self.models[model]["fields"].items() if field["type"] in types]

    def texts(self, model):
        """Those that one can search and group by."""
        known = self.models[model]["fields"]
        return [name for name in self.fields(model, *TEXT) if known[name]["stored"]]

    def links(self, model):
        """The many2one fields that point at a file, with the model there."""
        known = self.models[model]["fields"]
        return {
            f: known[f]["target"]
            for f in self.fields(model, "many2one")
            if known[f]["target"] in self.files()
        }

    def mark(self, model, field, number):
        column = self.doors.number_of.get(f"{model}.{field}")
        return f"zq{number:05d}m{column:03d}q" if column is not None else f"zq{number:05d}"

    def containing(self, model, number):
        """A condition that the row's own words fulfil."""
        texts = [
            [f, "ilike", self.mark(model, f, number)]
            for f in self.texts(model)
            if f"{model}.{f}" in self.doors.number_of
        ]
        return ["|"] * (len(texts) - 1) + texts or [["display_name", "=", "-"]]

    def specification(self, role, model):
        """All fields that the role is told of; all there are where it is told nothing."""
        if (role, model) not in self.told:
            value = self.doors.json2(role, model, "fields_get", attributes=["type"]).value()
            told = value if isinstance(value, dict) else {}
            fields = self.models[model]["fields"]
            self.told[role, model] = {f: fields[f] for f in fields if f in told} or fields
        nested = {"fields": {"display_name": {}}}
        return {f: nested if field.get("target") else {} for f, field in self.told[role, model].items()}

    def blank(self, role, model, number):
        """What a new record of this model wants, about a client that the role may open."""
        known = self.models[model]["fields"]
        vals = {}
        for name, field in known.items():
            if field.get("needed") or (name in ("client_id", "unit_id") and not field["readonly"]):
                vals[name] = self.value(role, model, name, number)
        return vals

    def value(self, role, model, name, number):
        field, who = self.models[model]["fields"][name], self.roles[role]
        some = self.know["some"]
        if field["type"] == "many2one":
            if field["target"] in self.files():
                return self.ident(number)
            own = {
                "care.unit": "unit",
                "hr.employee": "employee",
                "res.users": "id",
                "res.company": "company",
            }
            return who.get(own.get(field["target"]), False) or some.get(field["target"], False)
        if field["type"] in ("one2many", "many2many"):
            return [[6, 0, [some[field["target"]]]]] if some.get(field["target"]) else []
        if field["type"] == "many2one_reference":
            return self.ident(number)
        values = {
            "char": GUESSES.get(name, TAMPERED), "text": GUESSES.get(name, TAMPERED), "html": TAMPERED,
            "date": some["date"], "datetime": f"{some['date']} 10:00:00", "integer": 1, "float": 1.0,
            "boolean": True, "selection": (field.get("values") or [False])[0],
        }  # fmt: skip
        return values.get(field["type"], False)

    def guess(self, parameter, model, number, in_json=True):
        """A value for a parameter of this name, so that it says something of the row."""
        ident = self.ident(number)
        if chosen := self.know["snippets"].get(parameter):
            return self.random(parameter, model, number).choice(chosen)
        if re.search(r"(attachment|message|activity)_ids?$", parameter):
            ident = self.hung(model, number)
        for form, value in (
            (r"model(_name)?$|^__model__$", model),
            (r"ids$", [ident] if in_json else str(ident)),
            (r"(^|_)id$|^(client|unit|record|oid)$", ident),
            (r"^(key|reference)$", f"K-{ident}"),
            (
                r"^(identifier|number)$",
                self.random(parameter, model, number).choice((f"K-{ident}", personal_number(number))),
            ),
            (r"domain$", [["id", "=", ident]] if in_json else f"[('id', '=', {ident})]"),
            (r"^(field|field_?name|fname)$", self.telling_field(model)),
            (r"^args$", [[ident]]),
        ):
            if re.search(form, parameter):
                return value
        return GUESSES.get(parameter, TAMPERED)

    def telling_field(self, model):
        return (self.fields(model, "binary", "image") or self.texts(model) or ["display_name"])[0]

    def hung(self, model, number):
        return self.know["hung"].get(model, 0) + number

    def random(self, *parts):
        return random.Random(f"{self.seed}/{parts}")

    def those(self, *roles):
        return [role for role in roles if role in self.roles]

    def chain(self, role, door, target, run, model="care.client", named=True, opens=False):
        """An attempt with a name of its own."""
        return Attempt(self.name, role, model, door, target, run, named=named, opens=opens)

    # --- through which door -------------------------------------------------------------------------

    def call(self, role, model, method, ids=None, /, **keywords):
        """Through one of the doors for methods, by chance."""
        door = self.random(role, model, method, self.here.attempt).choice(("json2", "call_kw", "xmlrpc"))
        if door == "json2" or not self.roles[role]["id"]:
            return self.doors.json2(role, model, method, **({} if ids is None else {"ids": ids}), **keywords)
        if door == "call_kw":
            return self.doors.call_kw(role, model, method, ids, **keywords)
        return self.doors.xmlrpc(role, model, method, *([] if ids is None else [ids]), **keywords)

    def make(self, role, name, /, **vals):
        """The ids of a new record, or none, and the answer."""
        answer = self.doors.json2(role, name, "create", vals_list=[vals])
        return rows(answer), answer


def rows(answer):
    """The list that a method returned, or none."""
    value = None if answer.refused else answer.value()
    return value if isinstance(value, list) else []


class Numbers:
    """Which client an attempt is at: of those at home a fresh one, as long as there are any."""

    def __init__(self, know):
        self.know, self.lock = know, threading.Lock()
        apart = 2 * len(know["roles"])  # those that the roles try in vain
        self.fresh = {
            k: itertools.cycle(range(first + apart, last + 1)) for k, (first, last) in know["kinds"].items()
        }

    def of(self, role, target, apart=False):
        own = list(self.know["roles"]).index(role) + (len(self.know["roles"]) if apart else 0)
        if target == MISSING:
            return self.know["missing"] + own
        first, last = self.know["kinds"][target]
        if target in self.know["roles"][role]["opens"] and last - first > 100 and not apart:
            with self.lock:
                return next(self.fresh[target])
        return first + own


def tampered(field, before=None):
    """Another value than the one that is there, of the field's own form."""
    kind = field["type"]
    values = [value for value in field.get("values") or [] if value != before]
    return {
        "char": TAMPERED, "text": TAMPERED, "html": f"<p>{TAMPERED}</p>", "date": DAY, "datetime": f"{DAY} 04:05:06",
        "integer": 4711, "float": 47.11, "monetary": 47.11, "many2one_reference": 4711, "boolean": not before,
        "selection": values[-1] if values else False, "json": {"x": TAMPERED},
    }.get(kind)  # fmt: skip


def same(one, other):
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
