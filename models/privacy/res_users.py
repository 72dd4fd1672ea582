from odoo import api, fields, models
from odoo.http import request

# By which one signs in. Whoever sets them for a colleague can sign in as the colleague.
SIGN_IN = {"password", "totp_secret", "oauth_uid", "oauth_provider_id"}


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["care.watched", "res.users"]
    _care_notes_new = False

    company_ids = fields.Many2many(opens_access=True)

    def _care_watched_rows(self):
        """Those with a role: in which companies they are asked, told and let in."""
        return self.browse(self.env["care.access.watch"]._now_group(self))

    @api.model_create_multi
    def create(self, vals_list):
        watch = self.env["care.access.watch"]
        users = super().create(vals_list)
        watch._note_new_users(users)
        return users

    def write(self, vals):
        """A role is given with the group, and given back with the login of somebody who had left."""
        if SIGN_IN & vals.keys():
            self.env["care.access.watch"]._note_sign_in(self - self.env.user)
        if not {"group_ids", "active"} & vals.keys():
            return super().write(vals)
        with self.env["care.access.watch"]._watched("group", users=self):
            return super().write(vals)


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        """A key is its owner's to make; another's code can make it in the owner's name."""
        if request and request.env.uid and request.env.uid != self.env.uid:
            self.env["care.access.watch"].with_user(request.env.uid)._note_sign_in(self.env.user)
        return super()._generate(scope, name, expiration_date)
