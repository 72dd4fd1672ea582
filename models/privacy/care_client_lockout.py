from odoo import api, fields, models
from odoo.exceptions import UserError


class CareClientLockout(models.Model):
    """Shuts a named user out of a named client's file, whatever else would open it."""

    _name = "care.client.lockout"
    _description = "Client Lockout"
    _inherit = ["care.walled", "care.period"]
    _order = "date_from desc, id desc"
    _wall_unit = None
    _wall_on_double = True

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="client_id.company_id", store=True, precompute=True)
    client_key = fields.Char(
        "Client's Reference or Personal Number",
        store=False,
        help="Whoever decides on lockouts opens no file, so the client is named exactly.",
    )
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    reason = fields.Text(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")  # before the client is looked for
        for vals in vals_list:
            if key := vals.pop("client_key", None):
                vals["client_id"] = self._client_by_key(key).id
        return super().create(vals_list)

    @api.model
    def _client_by_key(self, key):
        """The caller has checked who asks: that a personal number is a client's says something of it."""
        # sudo: the privacy officer opens no file; only the reference comes back.
        client_sudo = self.env["care.client"].sudo()._find_exactly(key, self.env.companies)
        if not client_sudo:
            raise UserError(
                self.env._("No client has this reference or personal number. Check how it is written.")
            )
        # it is known now, whether or not the rest of what was filled in can be saved
        self.env["care.access.log"]._note(client_sudo, "search")
        return client_sudo

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Not as superuser either. With the client's file it goes by itself."""
        raise UserError(self.env._("A lockout is ended by its last day, never deleted."))

    def _wall_fixed(self):
        """Pointed at another person it would end without a trace. It is ended by its dates."""
        return super()._wall_fixed() | {"user_id"}

    def _check_named(self, name, records):
        """A lockout opens nothing, and whoever decides on it opens no file."""
        if name != "client_id":
            return super()._check_named(name, records)
        return self._check_clients_of_companies(records)

    @api.model
    def _check_clients_of_companies(self, clients):
        """Refuse those of other companies and those that do not exist, with one answer."""
        # sudo: the privacy officer opens no file; only which are there comes back.
        clients_sudo = clients.sudo().with_context(active_test=False)
        found = clients_sudo.search([("id", "in", clients.ids), ("company_id", "in", self.env.companies.ids)])
        if absent := clients - found:
            raise self.env["ir.rule"]._make_access_error("read", absent)
