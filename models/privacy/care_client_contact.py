from odoo import api, models


class CareClientContact(models.Model):
    _inherit = "care.client.contact"

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        self.env["care.client.lockout"]._match(clients=contacts.client_id)
        return contacts

    def write(self, vals):
        result = super().write(vals)
        if {"phone", "email", "kind", "date_to"} & vals.keys():
            self.env["care.client.lockout"]._match(clients=self.client_id)
        return result
