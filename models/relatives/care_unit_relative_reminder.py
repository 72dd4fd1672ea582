from odoo import SUPERUSER_ID, api, fields, models

TYPE = "social_care.activity_mode_decision"


class CareUnit(models.Model):
    """Tells the administrator and the unit's managers that the board's decision is missing or runs out."""

    _inherit = "care.unit"

    @api.model
    def _cron_remind_of_decisions(self):
        """Every unit that keeps no names, and every reminder that is over. Again and again the same."""
        units = self.search([("documentation_mode", "!=", "named")]) | self._reminded(TYPE)
        self.env["ir.cron"]._care_batches(units, lambda batch: batch._remind_of_decision(), 100)

    def _remind_of_decision(self):
        """One activity for each who can do something about it; none where nothing is to be done."""
        deadlines = {unit: unit._decision_deadline() for unit in self}
        managers = self._managers_now()
        users_of = {unit: managers[unit] | unit._administrators() if deadlines[unit] else [] for unit in self}
        self.with_user(SUPERUSER_ID)._sync_activities(TYPE, users_of, deadlines.get)

    def _decision_deadline(self):
        """The day on which the unit must document, if no decision follows; False where that is far off."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.documentation_mode == "named" or not self.active:
            return False
        if self.mode_unsupported:
            return max(
                (end for end in self._decisions().mapped("date_to") if end and end < today), default=today
            )
        ends = self._decisions().mapped("date_to")
        last = max(ends) if all(ends) else False
        soon = today + self.env["care.rule"]._period("mode_decision", self.company_id)
        return last if last and last <= soon else False

    def _decisions(self):
        return self.mode_decision_ids.filtered(lambda decision: decision.mode == self.documentation_mode)

    def _administrators(self):
        # sudo: administrators are found whichever companies the asker looks at; who they are comes back
        admins_sudo = self.env.ref("social_care.group_care_admin").sudo().all_user_ids
        ours_sudo = admins_sudo.filtered(lambda user: user.active and self.company_id in user.company_ids)
        return ours_sudo.sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        units.filtered(lambda unit: unit.documentation_mode != "named")._remind_of_decision()
        return units

    def write(self, vals):
        result = super().write(vals)
        if {"documentation_mode", "active"} & vals.keys():
            self._remind_of_decision()
        return result


class CareModeDecision(models.Model):
    _inherit = "care.mode.decision"

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions.unit_id._remind_of_decision()
        return decisions

    def write(self, vals):
        units = self.unit_id
        result = super().write(vals)
        (units | self.unit_id)._remind_of_decision()
        return result

    def unlink(self):
        units = self.unit_id
        result = super().unlink()
        units._remind_of_decision()
        return result
