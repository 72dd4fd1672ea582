from odoo import fields, models
from odoo.tools import SQL

from ...tools.fields import selection_of


class CareVisitReport(models.Model):
    """How often the chosen person came, and how much the client did: per client, unit, task type, month.

    One row per reported visit, with empty values where a question does not apply, so that averages are
    of what they say they are. Behind the same wall as the visits.
    """

    _name = "care.visit.report"
    _description = "Choice and Own Part over Time"
    _inherit = ["care.walled"]
    _auto = False
    _order = "date desc, id desc"

    client_id = fields.Many2one("care.client", readonly=True)
    unit_id = fields.Many2one("care.unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    task_type_id = fields.Many2one("care.task.type", readonly=True)
    date = fields.Date(readonly=True)
    wished_employee_id = fields.Many2one("hr.employee", "Wished", readonly=True)
    employee_id = fields.Many2one("hr.employee", "Who Came", readonly=True)
    state = fields.Selection(selection_of("care.visit", "state"), readonly=True)
    reason = fields.Selection(selection_of("care.visit", "reason"), readonly=True)
    own_level = fields.Selection(
        selection_of("care.visit", "own_level"),
        "How Much the Client Did",
        readonly=True,
    )
    choice_kept = fields.Float(
        "Chosen Person Came",
        readonly=True,
        aggregator="avg",
        help="Of the visits for which the client had chosen somebody: how often one of those came. A visit"
        " that nobody made because staff were missing counts as not kept.",
    )
    own_share = fields.Float(
        "Client's Own Doing",
        readonly=True,
        aggregator="avg",
        help="Of the visits where the own part was reported: how often the client did it all, or with a prompt.",
    )
    done_share = fields.Float("Done", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            "SELECT v.id, v.client_id, v.unit_id, v.company_id, v.task_type_id, v.date, v.wished_employee_id,"
            " v.employee_id, v.state, v.reason, v.own_level,"
            " CASE WHEN v.wished_employee_id IS NULL THEN NULL"
            "  WHEN v.state = 'done' THEN COALESCE(v.choice_kept, FALSE)::int"
            "  WHEN v.reason = 'staff_missing' THEN 0 END AS choice_kept,"
            " CASE WHEN v.state = 'done' AND v.own_level IS NOT NULL"
            "  THEN (v.own_level IN ('alone', 'prompt'))::int END AS own_share,"
            " (v.state = 'done')::int AS done_share"
            " FROM care_visit v WHERE v.state IN ('done', 'not_done')"
        )
