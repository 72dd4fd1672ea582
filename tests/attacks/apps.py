"""Tools of Odoo and of other apps that read or delete as superuser, for whoever may use the tool."""

import itertools

from .attempts import TAMPERED, Attacking, rows


class Apps(Attacking):
    name = "apps"

    def attempts(self):
        for target in self.kinds_of("care.client"):
            for role in self.those("anonymous"):
                yield self.chain(role, "snippet of a web page with care.client", target, self.snippet)
            for role in self.those("designer", "sysadmin"):
                yield self.chain(role, "page that reads as superuser care.client", target, self.page(role))
                yield self.chain(
                    role, "template that reads as superuser care.client", target, self.template(role)
                )
        for role in self.those("sysadmin"):
            for model in self.files():
                for target in ("locked", "company", "relative"):
                    if target in self.kinds_of(model):
                        door = f"recycling {model}"
                        named = model == "care.client.lockout"
                        yield self.chain(role, door, target, self.recycling(role, model), model, named)
                if "email" in self.models[model]["fields"]:
                    door = f"privacy lookup of {model}"
                    target = self.kinds_of(model)[0]
                    yield self.chain(role, door, target, self.privacy_lookup(role, model), model)

    def snippet(self, number):
        record = {"res_model": "care.client", "res_id": self.ident(number), "limit": 1}
        templates, filters = (self.know["snippets"][name] for name in ("template_key", "filter_id"))
        for template, filter_id in itertools.product(templates, filters):
            self.doors.rpc(
                "anonymous", "/website/snippet/filters", filter_id=filter_id, template_key=template, **record
            )  # fmt: skip

    def words(self, number):
        return f"env['care.client'].sudo().browse({self.ident(number)}).name"

    def page(self, role):
        def run(number):
            arch = f'<t t-name="prov.p{number}"><t t-out="{self.words(number)}"/></t>'
            view = {"name": f"prov{number}", "type": "qweb", "key": f"prov.p{role}{number}", "arch": arch}
            views, _answer = self.make(role, "ir.ui.view", **view)
            if not views:
                return
            url = f"/prov-{role}-{number}"
            self.make(role, "website.page", url=url, view_id=views[0], is_published=True)
            self.doors.get("anonymous" if "anonymous" in self.roles else role, url)

        return run

    def model_id(self, role, model):
        found = rows(self.call(role, "ir.model", "search", domain=[["model", "=", model]]))
        return found[0] if found else False

    def template(self, role):
        def run(number):
            body = f'<p t-out="object.{self.words(number)}"/>'
            vals = {"name": TAMPERED, "model_id": self.model_id(role, "res.partner"), "body_html": body}
            templates, _answer = self.make(role, "mail.template", **vals)
            if templates:
                ids, _answer = self.make(
                    role, "mail.template.preview", mail_template_id=templates[0], resource_ref="res.partner,3"
                )
                self.call(role, "mail.template.preview", "read", ids, fields=["body_html", "error_msg"])

        return run

    def recycling(self, role, model):
        """Whether rows are gone is asked of the database afterwards."""

        def run(number):
            rule = {
                "name": TAMPERED,
                "recycle_action": "unlink",
                "domain": f"[('id', '=', {self.ident(number)})]",
            }
            ids, _answer = self.make(
                role, "data_recycle.model", res_model_id=self.model_id(role, model), **rule
            )
            if not ids:
                return
            self.call(role, "data_recycle.model", "action_recycle_records", ids)
            domain = [["recycle_model_id", "in", ids]]
            found = self.call(
                role, "data_recycle.record", "search_read", domain=domain, fields=["name", "res_id"]
            )
            chosen = [row["id"] for row in rows(found)]
            if chosen:
                self.found(f"finds a closed {model} by its content")
            self.call(role, "data_recycle.record", "action_validate", chosen)

        return run

    def privacy_lookup(self, role, model):
        def run(number):
            email = f"{self.mark(model, 'email', number)}@example.com"
            ids, _answer = self.make(role, "privacy.lookup.wizard", name=email, email=email)
            if not ids:
                return
            self.call(role, "privacy.lookup.wizard", "action_lookup", ids)
            domain = [["wizard_id", "in", ids]]
            fields = ["res_model", "res_id", "res_name"]
            found = self.call(role, "privacy.lookup.wizard.line", "search_read", domain=domain, fields=fields)
            if any(row["res_id"] == self.ident(number) for row in rows(found)):
                self.found(f"finds a closed {model} by an e-mail address")

        return run
