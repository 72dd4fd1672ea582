"""What Odoo lets anybody hang on a record: attachments, messages, activities. Behind this wall, nothing."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError


def check_neutral(env, model_names, reminders=False):
    """Refuse for models behind the relative support's wall, also as superuser.

    :param reminders: the app's own reminders of a referral pass
    """
    neutral = env.registry.descendants(["care.neutral"], "_inherit")
    if reminders:
        neutral -= {"care.referral"}
    if neutral & set(model_names):
        raise UserError(env._("Relative support keeps no files, messages or activities on its records."))


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        check_neutral(self.env, attachments.mapped("res_model"))
        return attachments

    def write(self, vals):
        check_neutral(self.env, [vals.get("res_model")])
        return super().write(vals)


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        check_neutral(self.env, messages.mapped("model"), reminders=self.env.su)
        return messages

    def write(self, vals):
        if not self.env.su:
            check_neutral(self.env, [vals.get("model")])
        return super().write(vals)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("res_model_id") or self.env.context.get("default_res_model_id") for vals in vals_list}
        names = {vals.get("res_model") or self.env.context.get("default_res_model") for vals in vals_list}
        names |= {model.model for model in self.env["ir.model"].sudo().browse(id_ for id_ in ids if id_)}
        check_neutral(self.env, names, reminders=self.env.su)
        return super().create(vals_list)

    def write(self, vals):
        if {"res_model_id", "res_id", "note", "summary"} & vals.keys() and not self.env.su:
            check_neutral(self.env, self.mapped("res_model"))
        return super().write(vals)


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Say nothing about a closed record, in debug mode either."""
        if records._name in self.env.registry.descendants(["care.neutral"], "_inherit"):
            return AccessError(
                self.env._(
                    "This belongs to relative support. Only those who are members of that unit now open it."
                )
            )
        return super()._make_access_error(operation, records)
