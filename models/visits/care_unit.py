from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...tools.own_work import own_work

HAND_OVER = "social_care.activity_type_hand_over"


class CareUnit(models.Model):
    _inherit = "care.unit"

    on_holidays = fields.Selection(
        [("keep", "As on other days"), ("skip", "No visits")],
        "Visits on Public Holidays",
        required=True,
        default="keep",
        help="Public holidays are those of the company in Odoo. A task type may say otherwise.",
    )
    to_hand_over = fields.Integer(
        compute="_compute_to_hand_over", help="Clients for whom somebody who has left leaves something open."
    )

    @api.depends_context("uid")
    def _compute_to_hand_over(self):
        """Counted among the stays that the reader may see."""
        stays = self.env["care.stay"]
        here = [("to_hand_over", "=", True), ("unit_id", "in", self.ids)]
        groups = stays._read_group(here, ["unit_id"], ["__count"]) if stays.has_access("read") else ()
        counts = dict(groups)
        for unit in self:
            unit.to_hand_over = counts.get(unit._origin, 0)

    def action_open_to_hand_over(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_stay_action_to_hand_over")
        return action | {"context": {"search_default_unit_id": self.id}, "display_name": self.name}

    @api.model
    def _cron_tell_to_hand_over(self):
        """Every unit with something to hand over, and every one that was told of it."""
        units = self._with_something_to_hand_over() | self._reminded(HAND_OVER)
        self.env["ir.cron"]._care_batches(units, lambda batch: batch._tell_to_hand_over(), 100)

    @own_work(anyone=True)  # whoever has ended a membership may open no file
    def _tell_to_hand_over(self):
        """The managers of each unit have one reminder while there is something, and none when there is nothing."""
        if not self:
            return
        units = self.with_user(SUPERUSER_ID)
        concerned, managers = units._with_something_to_hand_over(units.ids), units._managers_now()
        units._sync_activities(
            HAND_OVER,
            {unit: managers[unit] if unit in concerned else managers[unit].browse() for unit in units},
        )

    @api.model
    def _with_something_to_hand_over(self, unit_ids=None):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT h.unit_id FROM (%s) h JOIN care_stay s USING (client_id, unit_id)"
                " JOIN res_company c ON c.id = s.company_id WHERE s.date_from <= %s AND NOT (%s)",
                self.env["care.stay"]._sql_to_hand_over(unit_ids),
                self.env["care.visit"]._sql_today(),
                self.env["care.stay"]._sql_is_ended(),
            )
        )
        return self.browse(sorted(unit_id for (unit_id,) in rows))
