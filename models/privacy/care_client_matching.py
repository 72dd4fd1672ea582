from odoo import api, models


class CareClient(models.Model):
    _inherit = "care.client"

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        known = clients.filtered(lambda client: client.personal_number or client.phone or client.email)
        self.env["care.client.lockout"]._match(clients=known)
        return clients

    def write(self, vals):
        result = super().write(vals)
        if {"personal_number", "personal_number_written", "phone", "email"} & vals.keys():
            self.env["care.client.lockout"]._match(clients=self)
        return result
