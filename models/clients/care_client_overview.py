from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareClient(models.Model):
    """Where the client is now and what is due: the reader's own units only.

    So computed without sudo, and kept apart in Odoo's cache by reader (``uid``), the superuser too.
    """

    _inherit = "care.client"

    unit_ids = fields.Many2many(
        "care.unit", string="Units", compute="_compute_stays", search="_search_unit_ids"
    )
    dwelling_id = fields.Many2one("care.dwelling", compute="_compute_stays")
    contact_person_id = fields.Many2one("care.contact.person", compute="_compute_contact_person_id")
    call_first = fields.Char(compute="_compute_call_first", help="Whom to call when something has happened.")
    default_unit_id = fields.Many2one("care.unit", compute="_compute_default_unit_id")
    stay_count = fields.Integer(compute="_compute_counts")
    decision_count = fields.Integer(compute="_compute_counts")
    consent_count = fields.Integer(compute="_compute_counts")
    ended_count = fields.Integer("Ended", compute="_compute_counts")
    ended_text = fields.Text("What Has Ended", compute="_compute_ended_text")
    due_count = fields.Integer("What Is Due", compute="_compute_stays")
    due_date = fields.Date("Due", compute="_compute_stays")

    @api.depends_context("uid")
    @api.depends("stay_ids.date_from", "stay_ids.date_to", "stay_ids.ended_at", "stay_ids.dwelling_id")
    def _compute_stays(self):
        """All of it from the client's stays, so that a list asks for them once."""
        names = ["client_id", "unit_id", "dwelling_id", "date_from", "date_to", "ended_at"]
        stays = self.env["care.stay"].search_fetch([("client_id", "in", self.ids)], names)
        # at once; else each unit is asked for by itself
        stays.unit_id.fetch(["name", "active", "company_id"])
        units, dwellings, due = {}, {}, self._due_by_client(stays)
        client_of, unit_of, dwelling_of = (stays._fields[name]._get_cache(self.env) for name in names[:3])
        for stay_id in stays.filtered(lambda stay: stay.state == "active")._ids:
            units.setdefault(client_of[stay_id], {})[unit_of[stay_id]] = True
            if dwelling_of[stay_id]:
                dwellings.setdefault(client_of[stay_id], dwelling_of[stay_id])
        self._fill_cache("unit_ids", {client_id: tuple(ids) for client_id, ids in units.items()}, ())
        self._fill_cache("dwelling_id", dwellings)
        self._fill_cache("due_count", {client.id: count for client, (count, _day) in due.items()}, 0)
        self._fill_cache("due_date", {client.id: day for client, (_count, day) in due.items()})

    def _fill_cache(self, name, values, otherwise=None):
        """Give a computed field its ``{client id: value as the cache holds it}``.

        Each assignment of Odoo's costs as much as reading a client, and a list has some hundred.
        """
        field = self._fields[name]
        cache = field._get_cache(self.env)
        for client in self:
            value = values.get(client._origin.id, otherwise)
            if client.id:
                cache[client.id] = value
            else:  # a form's, whose lines are new records too
                client[name] = field.convert_to_record(value, client)

    @api.model
    def _due_by_client(self, stays):
        """Activities hang on the stay, so that one unit does not see another's."""
        # sudo: whoever opens a stay sees its activities, and the stays are the reader's
        groups = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [("res_model", "=", "care.stay"), ("res_id", "in", stays.ids)],
                ["res_id"],
                ["__count", "date_deadline:min"],
            )
        )
        due = {}
        for stay_id, count, deadline in groups:
            client = stays.browse(stay_id).client_id
            before = due.get(client, (0, deadline))
            due[client] = (before[0] + count, min(before[1], deadline))
        return due

    @api.depends_context("uid")
    @api.depends("unit_ids", "intake_unit_id")
    def _compute_default_unit_id(self):
        """The unit that a new record of this client most likely belongs to."""
        for client in self:
            client.default_unit_id = client.unit_ids[:1] or client.intake_unit_id

    @api.model
    def _search_unit_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        return Domain("stay_ids", "any", Domain("state", "=", "active") & Domain("unit_id", operator, value))

    @api.depends_context("uid")
    @api.depends(
        "contact_person_ids.employee_id", "contact_person_ids.date_from", "contact_person_ids.date_to"
    )
    def _compute_contact_person_id(self):
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.ids) & Domain("role", "=", "primary")
        found = contacts.search_fetch(
            domain & contacts._domain_now(), ["client_id", "unit_id", "employee_id"]
        )
        first = {}
        client_of = found._fields["client_id"]._get_cache(self.env)
        for contact_id in found._ids:
            first.setdefault(client_of[contact_id], contact_id)
        self._fill_cache("contact_person_id", first)

    @api.depends_context("uid")
    @api.depends("contact_ids.call_first", "contact_ids.name", "contact_ids.phone")
    def _compute_call_first(self):
        contacts = self.env["care.client.contact"]
        domain = Domain("client_id", "in", self.ids) & Domain("call_first", "=", True)
        found = contacts.search_fetch(
            domain & contacts._domain_now(), ["client_id", "name", "relation", "phone"]
        )
        by_client = found.grouped("client_id")
        for client in self:
            contact = by_client.get(client._origin, contacts)[:1]
            client.call_first = ", ".join(filter(None, [contact.name, contact.relation, contact.phone]))

    @api.depends_context("uid")
    @api.depends(lambda self: self._counted_paths())
    def _compute_counts(self):
        """What the reader opens of each, for all buttons in one query."""
        parts = self._sql_counts()
        named = [SQL("SELECT %s, n.* FROM (%s) AS n", name, part) for name, part in parts.items() if part]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(named)) if named else ()
        counts = {(name, client_id): count for name, client_id, count in rows}
        for client in self:
            for name in parts:
                client[name] = counts.get((name, client._origin.id), 0)

    @api.model
    def _counted(self):
        """What the form's buttons count: ``{field: (lines, which of them)}``. Each room adds its own."""
        lines = ("stay", "decision", "consent")
        return {f"{name}_count": (f"{name}_ids", Domain.TRUE) for name in lines}

    @api.model
    def _counted_paths(self):
        for lines, domain in self._counted().values():
            yield lines
            yield from (f"{lines}.{condition.field_expr}" for condition in domain.iter_conditions())

    def _sql_counts(self):
        """``{field: SQL of (client's id, count)}``; no SQL where the reader has no right to any such record."""
        parts = {}
        for name, (lines, domain) in self._counted().items():
            model = self.env[self._fields[lines].comodel_name]
            here = Domain("client_id", "in", self.ids) & domain
            parts[name] = model.has_access("read") and model._sql_count(here, "client_id")
        return parts | {"ended_count": self._sql_ended_count()}

    def _sql_ended_count(self):
        here = Domain("client_id", "in", self.ids) & Domain("has_ended", "=", True)
        models = [model for model in self.env["care.ending"]._models_ending() if model.has_access("read")]
        counts = SQL(" UNION ALL ").join(model._sql_count(here, "client_id") for model in models)
        return models and SQL("SELECT c.id, SUM(c.count) FROM (%s) c (id, count) GROUP BY c.id", counts)

    @api.depends_context("uid", "lang")
    @api.depends("ended_count")
    def _compute_ended_text(self):
        """What the reader opens of what has ended, and what to do now; mostly nothing, and then nothing is asked."""
        here = Domain("client_id", "in", self.filtered("ended_count").ids)
        texts = {}
        for model in self.env["care.ending"]._models_ending() if here else ():
            for (client, _unit), sentences in model._ended_texts(here).items():
                texts.setdefault(client, []).extend(sentences)
        for client in self:
            client.ended_text = "\n".join(texts.get(client._origin, ()))

    def action_open_stays(self):
        return self._action_open("social_care.care_stay_action")

    def action_open_decisions(self):
        return self._action_open("social_care.care_decision_action")

    def action_open_consents(self):
        return self._action_open("social_care.care_consent_action")

    def action_open_disclosures(self):
        return self._action_open("social_care.care_disclosure_action")

    def _action_open(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return action | {
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id, "default_unit_id": self.default_unit_id.id},
        }
