from odoo import api, fields, models

from ..plans.care_plan_line import WEEKDAYS


class CarePlan(models.Model):
    """The week at a glance: what happens when, and who comes."""

    _inherit = "care.plan"

    week_html = fields.Html("Week", compute="_compute_week_html", sanitize=False, exportable=False)

    @api.depends("line_ids")
    def _compute_week_html(self):
        for plan in self:
            plan.week_html = self.env["ir.qweb"]._render("social_care.care_plan_week", {"plan": plan})

    def action_print_week(self):
        self.ensure_one()
        return self.env.ref("social_care.care_plan_week_report_action").report_action(self)

    def _week(self):
        """The lines by weekday, in the order of the day.

        :return: one dict per weekday: ``name`` and ``items``, each with ``time``, ``what``, ``who``, ``own``
        """
        self.ensure_one()
        lines = self.line_ids.sorted(lambda line: line._week_key())
        return [
            {
                "name": lines._fields[day]._description_string(self.env),
                "lines": [line._week_item() for line in lines if line[day]],
            }
            for day in WEEKDAYS
        ]

    def _week_otherwise(self):
        """What has no weekday: as agreed, when needed, once a month."""
        self.ensure_one()
        return [
            {**line._week_item(), "time": line.when_note or ""}
            for line in self.line_ids
            if not any(line[day] for day in WEEKDAYS)
        ]
