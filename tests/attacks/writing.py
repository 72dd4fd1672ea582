"""Kinds that write: naming a closed record, setting what only a verb may set, and verbs after one another."""

import json
import re

from .attempts import MISSING, TAMPERED, WAY_IN, Attacking, Attempt, same, tampered

REFUSED = "refused"
# What is somebody's work, at whom, must succeed, or the rest proves nothing.
LAWFUL = (
    ("staff", "care.client.contact.client_id", "home"),
    ("manager", "care.journal.strike.entry_id", "home"),
    ("manager", "care.stay.client_id", "ended"),  # whoever stays already gets no second stay there
    ("supporter", "care.relative.note.case_id", "relative"),
)
# By which somebody once got in: always tried.
NAMED = (
    ("former", "care.journal.strike.entry_id"),
    ("former", "care.journal.objection.entry_id"),
    ("former", "care.stay.decision_id"),
    ("former", "care.plan.sign.contact_id"),
    ("manager", "care.subject.judge.item_id"),
)


class Naming(Attacking):
    """A closed record named in a relation: made and read back, in a form, as a default, in a file that is imported.

    A closed one must be refused, or get what one gets that does not exist; and whatever is then read of the new
    record, in whatever order, tells nothing of the closed one.
    """

    name = "naming"

    def attempts(self):
        for model in self.models:
            for field, target_model in self.pointers(model):
                for role in self.roles:
                    for target in [*self.unnamable(role, target_model), MISSING]:
                        for way in (self.created, self.saved, self.in_form, self.as_default, self.imported):
                            door = f"{way.__name__} {model}.{field}"
                            run = self.trying(way, role, model, field, target_model, target)
                            named = target != MISSING and (role, f"{model}.{field}") in NAMED
                            yield Attempt(
                                self.name, role, target_model, door, target, run, ("create", model), named
                            )

        yield from self.lawful()

    def lawful(self):
        for role, pointer, target in LAWFUL:
            model, _, field = pointer.rpartition(".")
            if role in self.roles:
                target_model = self.models[model]["fields"][field]["target"]
                run = self.working(role, model, field, target_model)
                yield self.chain(role, f"made {pointer}", target, run, target_model)

    def working(self, role, model, field, target_model):
        def run(number):
            if self.created(role, model, field, target_model, number) == REFUSED:
                said = f"where it is one's work: {self.here.refusal}"
                self.found(f"NOT MADE: {model}.{field} may not be named {said}")

        return run

    def unnamable(self, role, model):
        return [kind for kind in self.kinds_of(model) if not self.may_name(role, kind, model)]

    def pointers(self, model):
        """Every field that can point at a file: by its type, or by a model's name beside an id."""
        yield from self.links(model).items()
        known = self.models[model]["fields"]
        for field in self.fields(model, "one2many", "many2many"):
            if known[field]["target"] in self.files():
                yield field, known[field]["target"]
        pairs = [(f, known[f]["model_field"]) for f in self.fields(model, "many2one_reference")]
        pairs += [(f, f.replace("_id", "_model")) for f in self.fields(model, "integer") if f in ("res_id",)]
        for field, model_field in pairs:
            allowed = known.get(model_field, {}).get("values")
            for name in self.files():
                if not allowed or name in allowed:
                    yield field, name

    def trying(self, way, role, model, field, target_model, target):
        def run(number):
            if target == MISSING:
                return way(role, model, field, target_model, number)  # that its row tells of nothing, too
            told = way(role, model, field, target_model, number)
            is_work = model in self.roles[role]["names"] and target in self.roles[role]["opens"]
            if told == REFUSED or is_work:
                return None
            control = way(role, model, field, target_model, self.know["missing"])
            if control == REFUSED or not same(told, control):
                self.found(f"a closed {target_model} may be named: {shown(told)} (missing: {shown(control)})")
            return None

        return run

    def naming(self, role, model, field, target_model, number):
        """Values for a record that names the closed one and is otherwise about a client of one's own."""
        kinds = self.open_kinds(role, "care.client")
        vals = self.blank(role, model, self.know["kinds"][kinds[0]][0] if kinds else number)
        link = self.models[model]["fields"][field]
        if "model_field" in link:
            vals[link["model_field"]] = target_model
        named = self.ident(number)
        if link["type"] in ("one2many", "many2many"):
            commands = [[1, named, {}]], [[4, named]], [[6, 0, [named]]]
            named = self.random(model, field, self.here.attempt).choice(commands)
        return {**vals, field: named}

    def asked(self, role, model, field, target_model):
        """What is asked of the new record: all of it, and all that can be told of the record it names."""
        texts = {f: {} for f in ("display_name", *self.fields(target_model, "char", "text", "html"))}
        return self.specification(role, model) | {field: {"fields": texts}}

    def dependents(self, model, field):
        """Texts of this model that are not its own: those may come from the record that is named."""
        known = self.models[model]["fields"]
        names = [
            f for f in self.fields(model, "char", "text", "html") if not known[f]["stored"] and f != field
        ]
        return self.random(model, field, self.here.attempt).sample(names, min(len(names), 6))

    def created(self, role, model, field, target_model, number):
        ids, answer = self.make(role, model, **self.naming(role, model, field, target_model, number))
        if not ids:
            self.here.refusal = answer.text[:300]
            return REFUSED
        for other in self.dependents(model, field):
            for names in ([field, other], [other, field], [other]):
                self.call(role, model, "read", ids, fields=names)
        spec = self.specification(role, model)
        self.doors.json2(role, model, "web_read", ids=ids, specification={field: spec.get(field, {}), **spec})
        self.doors.json2(role, model, "web_read", ids=ids, specification=dict(reversed(spec.items())))
        paths = [f"{field}/{name}" for name in self.texts(target_model)[:8]]
        self.doors.json2(role, model, "export_data", ids=ids, fields_to_export=[field, *paths])
        for heading in (field, *(f"{field}.{name}" for name in self.texts(target_model)[:3])):
            self.call(
                role, model, "formatted_read_group", domain=[["id", "in", ids]], groupby=[heading], aggregates=["__count"]
            )  # fmt: skip
        return "created"

    def saved(self, role, model, field, target_model, number):
        """Made and read in one request, whose cache is one."""
        vals = self.naming(role, model, field, target_model, number)
        done = REFUSED
        for other in self.dependents(model, field) or [field]:
            for names in ([field, other], [other, field]):
                answer = self.call(
                    role, model, "web_save", [], vals=vals, specification={name: {} for name in names}
                )
                done = done if answer.refused else "saved"
        asked = self.asked(role, model, field, target_model)
        self.call(role, model, "web_save", [], vals=vals, specification={field: asked[field]})
        return done

    def in_form(self, role, model, field, target_model, number):
        vals = self.naming(role, model, field, target_model, number)
        asked = self.asked(role, model, field, target_model)
        names = [
            self.specification(role, model),
            asked,
            {field: asked[field]},
            *(
                {field: {"fields": {"display_name": {}}}, other: {}}
                for other in self.dependents(model, field)
            ),
        ]
        told = {}
        for asked in names:
            answer = self.call(
                role, model, "onchange", [], values=vals, field_names=[field], fields_spec=asked
            )
            value = None if answer.refused else answer.value()
            if isinstance(value, dict):
                told |= {name: one for name, one in (value.get("value") or {}).items() if name != field}
        return plain(told, self.ident(number)) or REFUSED

    def as_default(self, role, model, field, target_model, number):
        context = {
            f"default_{name}": v for name, v in self.naming(role, model, field, target_model, number).items()
        }
        spec = self.specification(role, model)
        self.call(role, model, "default_get", fields=list(spec), context=context)
        self.call(role, model, "name_create", name=TAMPERED, context=context)
        answer = self.call(
            role, model, "onchange", [], values={}, field_names=[], fields_spec=spec, context=context
        )
        value = None if answer.refused else answer.value()
        told = (value.get("value") or {}) if isinstance(value, dict) else {}
        told.pop(field, None)
        return plain(told, self.ident(number)) or REFUSED

    def imported(self, role, model, field, target_model, number):
        vals = self.naming(role, model, field, target_model, number)
        known = self.models[model]["fields"]
        names = [f"{name}/.id" if known[name]["type"] == "many2one" else name for name in vals]
        row = [str(value) for value in vals.values()]
        answer = self.call(role, model, "load", fields=names, data=[row])
        value = answer.value()
        return "imported" if isinstance(value, dict) and value.get("ids") else REFUSED


class Readonly(Attacking):
    """Every readonly stored field, written and created by everybody who may open such a record.

    Whether it changed is asked of the database afterwards, as its owner: ``written`` is what attack.py compares.
    """

    name = "readonly"

    def __init__(self, *args):
        super().__init__(*args)
        self.written = []

    def attempts(self):
        for model, known in self.models.items():
            if not model.startswith("care.") or known["transient"] or not known["auto"]:
                continue
            for field, told in known["fields"].items():
                if not (told["readonly"] and told["stored"]):
                    continue
                for role in self.roles:
                    kinds = self.open_kinds(role, model) if known["kind"] else ["own"]
                    for target in kinds:
                        for way in (self.write, self.create):
                            door = f"{way.__name__} {model}.{field}"
                            run = self.at(way, role, model, field)
                            yield Attempt(self.name, role, model, door, target, run, (way.__name__, model))

    def at(self, way, role, model, field):
        return lambda number: way(role, model, field, number)

    def other(self, role, model, field):
        told = self.models[model]["fields"][field]
        if told["type"] != "many2one":
            return tampered(told)
        # somebody or something else than what can be there
        return self.know["some"].get(told["target"]) or self.ident(self.know["kinds"]["home"][1] - 7)

    def write(self, role, model, field, number):
        ident = self.ident(number) if number else self.know["some"].get(model)
        value = self.other(role, model, field)
        if not ident:
            return  # no such record in the demo data
        for one in [value] if self.models[model]["fields"][field]["type"] != "boolean" else [True, False]:
            answer = self.call(role, model, "write", [ident], vals={field: one})
            if not answer.refused:
                self.written.append([role, model, field, ident, None, one])

    def create(self, role, model, field, number):
        vals = self.blank(role, model, number or self.know["kinds"]["home"][0])
        control, _answer = self.make(role, model, **vals)
        value = self.other(role, model, field)
        ids, _answer = self.make(role, model, **{**vals, field: value})
        if ids and control:
            self.written.append([role, model, field, ids[0], control[0], value])


class Pairs(Attacking):
    """Two verbs after one another at the same record, sampled; then it is read."""

    name = "pairs"
    CORE = {
        "write": {"vals": {}}, "copy": {}, "unlink": {}, "action_archive": {}, "action_unarchive": {}, "web_save":
        {"vals": {}, "specification": {"display_name": {}}}, "message_post": {"body": TAMPERED},
        "message_subscribe": {"partner_ids": [3]}, "activity_schedule": {"note": TAMPERED, "summary": TAMPERED},
    }  # fmt: skip

    def attempts(self):
        for model in self.files():
            verbs = [
                *self.CORE,
                *(m for m, told in self.models[model]["methods"].items() if not told["model"]),
            ]
            for role in self.roles:
                for target in self.kinds_of(model):
                    some = self.random(model, role, target)
                    for _pair in range(3):
                        first, second = some.choice(verbs), some.choice(verbs)
                        run = self.both(role, model, first, second)
                        door = f"{first}, {second} {model}"
                        opens = model.startswith(WAY_IN)
                        yield Attempt(self.name, role, model, door, target, run, ("read", model), opens=opens)

    def both(self, role, model, *verbs):
        def run(number):
            told = self.models[model]["methods"]
            for verb in verbs:
                parameters = told.get(verb, {"parameters": ()})["parameters"]
                body = self.CORE.get(verb) or {p: self.guess(p, model, number) for p in parameters}
                self.call(role, model, verb, [self.ident(number)], **body)
            self.call(role, model, "read", [self.ident(number)])

        return run


def plain(told, ident):
    """Values without the closed record's own id, the clock, and what an empty form has."""
    text = json.dumps({name: value for name, value in told.items() if value not in (False, None, [], "", 0)})
    return json.loads(re.sub(r"(NewId_0x)\w+|\d\d:\d\d(:\d\d)?", r"\1", text).replace(str(ident), "0"))


def shown(told):
    return json.dumps(told, ensure_ascii=False)[:300]
