"""Questions and commands in unusual forms: orders, groups, contexts, paths, and what stands around a file."""

from .attempts import TAMPERED, Attacking, Attempt, rows
from .expected import personal_number

CLIENT = "care.client"
CONTEXTS = (
    {"tz": "Pacific/Kiritimati"}, {"tz": "Etc/GMT+12"}, {"active_test": False}, {"bin_size": True}, {"lang": "sv_SE"},
    {"prefetch_fields": False}, {"allowed_company_ids": []}, {"allowed_company_ids": [1]}, {"su": True, "uid": 1},
    {"mail_notrack": True, "formatted_display_name": True},
)  # fmt: skip
# Paths from a client, through which somebody may ask for what is not shown.
ORACLES = (
    ("name", "ilike"),
    ("display_name", "ilike"),
    ("phone", "like"),
    ("listed_name", "ilike"),
    ("lastname", "="),
)


class Tricks(Attacking):
    """Each is ``trick(role, model, ident, number)``; each of a client's own is always tried once by who reads clients."""

    name = "tricks"

    def attempts(self):
        for model in self.files():
            of_client = self.CLIENT_TRICKS if model == CLIENT else ()
            for role in self.roles:
                chosen = self.random(model, role).choice(self.kinds_of(model))
                for target in self.kinds_of(model):
                    tricks = self.MODEL_TRICKS if self.is_open(role, target, model) else self.ALL_TRICKS
                    for trick in tricks:
                        yield self.attempt(trick, role, model, target)
                    for trick in of_client:
                        reads = model in self.roles[role]["may"].get("read", ())
                        yield self.attempt(trick, role, model, target, reads and target == chosen)

    def attempt(self, trick, role, model, target, named=False):
        def run(number):
            trick(self, role, model, self.ident(number), number)

        return Attempt(
            self.name, role, model, f"{trick.__name__} {model}", target, run, ("read", model), named
        )

    def guess_right(self, model, field, number):
        if f"{model}.{field}" in self.doors.number_of:
            self.doors.tell(number, f"{model}.{field}")

    def counted(self, role, model, domain):
        return self.call(role, model, "search_count", domain=domain).value() == 1

    # --- at each model ------------------------------------------------------------------------------

    def by_path(self, role, model, ident, number):
        """Through lines and links, to words that one may not read."""
        known = self.models[model]["fields"]
        for link in self.fields(model, "many2one", "one2many", "many2many"):
            target = known[link]["target"]
            if target not in self.files():
                continue
            for text in self.random(link, ident).sample(self.texts(target), min(len(self.texts(target)), 2)):
                path = [f"{link}.{text}", "ilike", self.mark(target, text, number)]
                if f"{target}.{text}" in self.doors.number_of and self.counted(
                    role, model, [["id", "=", ident], path]
                ):
                    self.guess_right(target, text, number)

    def read_through(self, role, model, ident, number):
        inner = {"fields": {"display_name": {}, **{text: {} for text in self.texts(CLIENT)}}}
        links = [link for link, target in self.links(model).items() if target == CLIENT]
        spec = dict.fromkeys(links, inner) | {"display_name": {}}
        self.call(role, model, "web_search_read", domain=[["id", "=", ident]], specification=spec)
        for link in links:
            groups = {
                "domain": [["id", "=", ident]],
                "groupby": [f"{link}.lastname"],
                "aggregates": ["__count"],
            }
            self.call(role, model, "formatted_read_group", **groups)

    def grouped(self, role, model, ident, number):
        domain, texts = [["id", "=", ident]], self.texts(model) or ["display_name"]
        text = self.random(model, ident).choice(texts)
        counted = {"domain": domain, "aggregates": ["__count"]}
        self.call(role, model, "formatted_read_grouping_sets", grouping_sets=[[text], []], **counted)
        self.call(role, model, "web_read_group", groupby=[text], **counted)
        colors = {"field": text, "colors": {"none": "success"}}
        self.call(role, model, "read_progress_bar", domain=domain, group_by=text, progress_bar=colors)

    def ordered(self, role, model, ident, number):
        """An order tells which of two comes first; the rows must not come at all."""
        for text in self.texts(model)[:3]:
            order = {"fields": ["id"], "order": f"{text} desc"}
            self.call(role, model, "search_read", domain=[["id", "=", ident]], **order)

    def in_context(self, role, model, ident, number):
        context = self.random(model, ident, self.here.attempt).choice(CONTEXTS)
        self.call(role, model, "search_read", domain=[["id", "=", ident]], context=context)
        self.call(role, model, "read", [ident], context=context)

    def changed(self, role, model, ident, number):
        """Whether it was is asked of the database afterwards."""
        known = self.models[model]["fields"]
        for text in [name for name in self.texts(model) if not known[name]["readonly"]][:3]:
            self.call(role, model, "write", [ident], vals={text: TAMPERED})
            self.call(role, model, "web_save", [ident], vals={text: TAMPERED}, specification={text: {}})
            self.call(role, model, "load", fields=[".id", text], data=[[str(ident), TAMPERED]])

    def hung_upon(self, role, model, ident, number):
        """An activity, a follower, a default of one's own, and a channel of the bus."""
        activity = {"res_model": model, "res_id": ident, "summary": TAMPERED}
        if rows(self.make(role, "mail.activity", **activity)[1]):
            self.call(role, "mail.activity", "search_read", domain=[["res_id", "=", ident]])
        followers = {"res_model": model, "res_id": ident, "partner_ids": [3]}
        self.doors.rpc(role, "/mail/thread/subscribe", **followers)
        peek = {"channels": [f"{model}_{ident}"], "last": 0, "is_first_poll": True}
        self.doors.rpc(role, "/websocket/peek_notifications", **peek)
        self.call(
            role, "ir.model.data", "search_read", domain=[["model", "=", model], ["res_id", "=", ident]]
        )

    # --- at the client ------------------------------------------------------------------------------

    def asked(self, role, model, ident, number):
        for field, operator in ORACLES:
            domain = [["id", "=", ident], [field, operator, self.mark(model, "lastname", number)]]
            if self.counted(role, model, domain):
                self.guess_right(model, "lastname", number)
        whole = personal_number(number)
        for operator, value in (("=", whole), ("in", [f"{whole[2:8]}-{whole[8:]}"]), ("like", whole[:11])):
            if self.counted(role, model, [["id", "=", ident], ["personal_number", operator, value]]):
                self.doors.tell(number, "care.client.personal_number")

    def named(self, role, model, ident, number):
        whole = personal_number(number)
        spec = {"display_name": {}, "name": {}}
        for text in (self.mark(model, "lastname", number), f"K-{ident}", whole, f"{whole[2:8]}-{whole[8:]}"):
            for method, more in (("name_search", {}), ("web_name_search", {"specification": spec})):
                if rows(self.call(role, model, method, name=text, **more)):
                    self.guess_right(model, "lastname", number)

    def exported(self, role, model, ident, number):
        paths = [
            "name",
            "personal_number",
            *(f"{f}/display_name" for f in self.fields(model, "one2many")[:6]),
        ]
        self.call(role, model, "export_data", [ident], fields_to_export=paths)

    def in_every_context(self, role, model, ident, number):
        for context in CONTEXTS:
            self.call(role, model, "search_read", domain=[["id", "=", ident]], context=context)

    def smuggled(self, role, model, ident, number):
        """Lines of a closed client in the form of a new one."""
        inner = {"fields": {"display_name": {}, "name": {}, "phone": {}}}
        for line in self.fields(model, "one2many"):
            if self.models[model]["fields"][line]["target"] in self.files():
                spec = {line: {"fields": {"display_name": {}, "client_id": inner}}}
                form = {"field_names": [line], "fields_spec": spec}
                for command in ([4, ident, 0], [1, ident, {}], [6, 0, [ident]]):
                    self.call(role, model, "onchange", [], values={line: [command]}, **form)

    def around(self, role, model, ident, number):
        word = self.mark(model, "lastname", number)
        found = self.call(
            role,
            "res.partner",
            "search_count",
            domain=["|", ["name", "ilike", word], ["email", "ilike", word]],
        )
        if found.value():
            self.guess_right(model, "lastname", number)
        self.call(role, "ir.exports", "search_read", domain=[])
        self.call(role, "ir.filters", "get_filters", model=model)
        default = {
            "model_name": "care.client.contact",
            "field_name": "client_id",
            "value": ident,
            "user_id": True,
        }
        self.call(role, "ir.default", "set", **default)
        form = {
            "values": {},
            "field_names": [],
            "fields_spec": {"client_id": {"fields": {"name": {}, "phone": {}}}},
        }
        self.call(role, "care.client.contact", "onchange", [], **form)
        self.call(role, "ir.default", "set", **default | {"value": False})

    MODEL_TRICKS = by_path, read_through, grouped, ordered, in_context, hung_upon
    ALL_TRICKS = *MODEL_TRICKS, changed
    CLIENT_TRICKS = asked, named, exported, in_every_context, smuggled, around
