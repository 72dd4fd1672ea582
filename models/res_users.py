from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        watch = self.env["care.access.watch"]
        users = super().create(vals_list)
        watch._note_new_users(users)
        return users

    def write(self, vals):
        """A role is given with the group, and given back with the login of somebody who had left."""
        if not {"group_ids", "active"} & vals.keys():
            return super().write(vals)
        with self.env["care.access.watch"]._watched("group", users=self):
            return super().write(vals)
