from odoo import api, models

# What of a group decides what its users may do.
ACCESS_FIELDS = {
    "user_ids", "all_user_ids", "implied_ids", "implied_by_ids", "all_implied_ids", "all_implied_by_ids",
    "model_access", "rule_groups",
}  # fmt: skip


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["care.access.watch"]._watched("group", "rule", "acl"):
            return super().create(vals_list)

    def write(self, vals):
        if not ACCESS_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["care.access.watch"]._watched("group", "rule", "acl"):
            return super().write(vals)

    def unlink(self):
        with self.env["care.access.watch"]._watched("group", "rule", "acl"):
            return super().unlink()
