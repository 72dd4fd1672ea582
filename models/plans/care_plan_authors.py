from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CarePlan(models.Model):
    """Who has written the plan; and what somebody has signed is not deleted, whatever its state."""

    _inherit = "care.plan"

    @api.model
    def _guard_conditions(self):
        conditions = super()._guard_conditions()
        signed = "EXISTS (SELECT 1 FROM care_signature s WHERE s.plan_id = OLD.id)"
        return conditions | {"delete": f"{conditions['delete']} OR {signed}"}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsigned(self):
        plans = self - self._listed_for_retention()
        if plans.signature_ids:
            raise UserError(self.env._("Somebody has signed this plan. It stays in the file."))

    def write(self, vals):
        result = super().write(vals)
        if self._not_decided(vals):
            self._note_authors()
        return result

    def _after_part_written(self):
        super()._after_part_written()
        self._note_authors()

    def _note_authors(self):
        """Remember who wrote, and touch the plan: a proposal made at the same moment starts again."""
        if not self.ids:
            return
        self.env.flush_all()
        # A plain update of the plan's row serialises writing and proposing.
        self.env.cr.execute(
            SQL(
                "UPDATE care_plan SET write_uid = %s, write_date = %s WHERE id IN %s AND state = 'draft'",
                self.env.uid,
                self.env.cr.now(),
                self._ids,
            )
        )
        if self.env.user._is_superuser():
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_plan_author_rel (plan_id, user_id)"
                " SELECT id, %s FROM care_plan WHERE id IN %s AND state = 'draft' ON CONFLICT DO NOTHING",
                self.env.uid,
                self._ids,
            )
        )
        self.invalidate_recordset(["author_ids", "write_uid", "write_date"])
