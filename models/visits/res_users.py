from odoo import SUPERUSER_ID, models

from ...tools.attached import by_app
from ...tools.own_work import own_work


class ResUsers(models.Model):
    """Whose login is put away works nowhere."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_ids"} & vals.keys():
            # sudo: whoever keeps logins reads no employees; those with a membership are followed, by id
            members_sudo = self.env["care.unit.member"].sudo().search([("user_id", "in", self.ids)])
            members_sudo._follow_membership(members_sudo.employee_id)
        return result

    def action_archive(self):
        """Odoo deletes what was planned for the user. What somebody planned for a client's file, a manager gets."""
        self.check_access("write")
        self._give_reminders_to_managers()
        return super().action_archive()

    @own_work(anyone=True)  # whoever keeps logins opens no file
    def _give_reminders_to_managers(self):
        system = self.with_user(SUPERUSER_ID).env
        planned = system["mail.activity"].search(
            [
                ("user_id", "in", self.ids),
                ("automated", "=", False),
                ("res_model", "in", system["care.stay"]._models_reminding()),
            ]
        )
        for name, activities in planned.grouped("res_model").items():
            records = system[name].browse(set(activities.mapped("res_id")))
            managers = records.unit_id._managers_now()
            in_turn = {record: list(managers[record.unit_id] - self) for record in records}
            told = records._who_is_told(in_turn, {record: record for record in records})
            for activity in activities:
                if manager := told[records.browse(activity.res_id)]:
                    with by_app():
                        activity.user_id = manager[0]
