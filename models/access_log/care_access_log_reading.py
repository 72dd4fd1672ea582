"""A line as a person reads it: who, with which title and from which unit, saw what of whose file."""

from odoo import api, fields, models
from odoo.fields import Domain


class CareAccessLog(models.Model):
    _inherit = "care.access.log"

    client_reference = fields.Char(
        "Client", compute="_compute_client_reference", search="_search_client_reference"
    )
    what = fields.Char("What of the File", compute="_compute_what")
    user_title = fields.Char("Title", compute="_compute_user")
    unit_names = fields.Char("From Unit", compute="_compute_user")
    is_emergency = fields.Boolean("Emergency", compute="_compute_is_emergency", search="_search_is_emergency")

    def _compute_display_name(self):
        for line in self:
            line.display_name = fields.Datetime.to_string(line.date)

    def _fetch_query(self, query, fields):
        """The log has no foreign keys: a user who is gone is nobody, and a list of lines opens all the same."""
        lines, user = super()._fetch_query(query, fields), self._fields["user_id"]
        if user in fields:
            there = lines.user_id.exists()
            user._update_cache(lines.filtered(lambda line: line.user_id not in there), None)
        return lines

    @api.depends("client_id")
    def _compute_client_reference(self):
        # sudo: whoever follows up the log opens no file; the reference is what the log is about
        clients_sudo = self.client_id.sudo().exists()
        references = dict(zip(clients_sudo.ids, clients_sudo.mapped("reference"), strict=True))
        for line in self:
            line.client_reference = references.get(line.client_id.id)

    @api.model
    def _search_client_reference(self, operator, value):
        """By the exact reference; a part of one would be a way to list clients."""
        if operator != "in":
            return NotImplemented
        # sudo: whoever follows up the log opens no file; the lines that name the exact reference come back
        clients_sudo = self.env["care.client"].sudo()
        texts = [text.strip() for text in value if text]
        found = clients_sudo.search(
            [("reference", "in", texts), ("company_id", "in", self.env.companies.ids)]
        )
        domain = Domain("client_id", "in", found.ids)
        return domain if all(value) else domain | Domain("client_id", "=", False)

    @api.depends("model")
    def _compute_what(self):
        names = self._names_of_kinds(self.mapped("model"))
        for line in self:
            line.what = names[line.model]

    @api.model
    def _names_of_kinds(self, models_):
        """``{technical name: what people call it}``, with one query."""
        # sudo: users read no models; only what people call them comes back
        ir_models_sudo = self.env["ir.model"].sudo()
        ids = {model: ir_models_sudo._get_id(model) for model in set(models_)}
        known = {record.id: record.name for record in ir_models_sudo.browse(filter(None, ids.values()))}
        return {model: known.get(id_) or model for model, id_ in ids.items()}

    @api.depends("emergency_id")
    def _compute_is_emergency(self):
        for line in self:
            line.is_emergency = bool(line.emergency_id)

    @api.model
    def _search_is_emergency(self, operator, value):
        if operator != "in":
            return NotImplemented
        under = Domain("emergency_id", ">", 0)
        return Domain.OR(under if emergency else ~under for emergency in value)

    @api.depends("user_id", "date")
    def _compute_user(self):
        """The title as it is today, and the units of which the user was a member when the line was written."""
        # sudo: whoever follows up the log reads no employees; their titles say nothing of a client
        employees_sudo = self.user_id.sudo().employee_ids
        titles = {employee.user_id: employee.job_title for employee in employees_sudo}
        # sudo: the reader may be no colleague of the user; the units say from where a file was opened
        members_sudo = self.env["care.unit.member"].sudo().with_context(active_test=False)
        by_user = members_sudo.search_fetch(
            [("user_id", "in", self.user_id.ids)], ["user_id", "unit_id", "opens_at", "closes_at"]
        ).grouped("user_id")
        for line in self:
            held = by_user.get(line.user_id, members_sudo).filtered(
                lambda m, at=line.date: m.opens_at <= at and (not m.closes_at or m.closes_at > at)
            )
            line.user_title = titles.get(line.user_id)
            line.unit_names = ", ".join(held.unit_id.mapped("name"))
