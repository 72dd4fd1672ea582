from odoo import api, models


class CareClient(models.Model):
    _inherit = "care.client"

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        numbered = clients.filtered("personal_number")
        self.env["care.client.lockout"]._match(clients=numbered)
        return clients

    def write(self, vals):
        result = super().write(vals)
        if {"personal_number", "personal_number_written"} & vals.keys():
            self.env["care.client.lockout"]._match(clients=self)
        return result
