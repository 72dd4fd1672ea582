from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import frozen
from .care_retention_run import RETENTION_MODELS


class CareRetentionLine(models.Model):
    """A row that a retention run deletes: an id, never content."""

    _name = "care.retention.line"
    _description = "Row of a Retention Run"
    _order = "run_id, model, res_id"

    run_id = fields.Many2one("care.retention.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    model = fields.Selection(RETENTION_MODELS, required=True, default=RETENTION_MODELS[0][0])
    res_id = fields.Many2oneReference("Row", model_field="model", required=True)
    reference = fields.Char(compute="_compute_reference", inverse="_inverse_reference")

    _once = models.UniqueIndex("(run_id, model, res_id)", "The run lists this row already.")
    _row_idx = models.Index("(model, res_id)")
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The list is fixed once it is proposed. Take the run back first."
    )

    def init(self):
        fixed = "EXISTS (SELECT 1 FROM care_retention_run r WHERE r.id = {}.run_id AND r.state <> 'draft')"
        frozen.guard(
            self.env.cr,
            "care_retention_line",
            insert=fixed.format("NEW"),
            update=f"{fixed.format('OLD')} AND {frozen.changed('run_id', 'model', 'res_id')}",
            delete=fixed.format("OLD"),
        )

    @api.depends("model", "res_id")
    def _compute_reference(self):
        """The row's own reference, which names nobody."""
        for model, lines in self.grouped("model").items():
            rows_sudo = (
                self.env[model].sudo().browse(lines.mapped("res_id")).exists() if model else lines.browse()
            )
            references = {row.id: row.reference for row in rows_sudo}
            for line in lines:
                line.reference = references.get(line.res_id)

    def _inverse_reference(self):
        for line in self:
            row_sudo = (
                self.env[line.model]
                .sudo()
                .search(
                    [("reference", "=", line.reference), ("company_id", "=", line.company_id.id)], limit=1
                )
            )
            if not row_sudo:
                raise ValidationError(self.env._("There is nothing with the reference %s.", line.reference))
            line.res_id = row_sudo.id

    @api.model_create_multi
    def create(self, vals_list):
        runs = self.env["care.retention.run"].browse(
            {vals["run_id"] for vals in vals_list if vals.get("run_id")}
        )
        self._check_open(runs)
        for vals in vals_list:
            vals.setdefault("res_id", 0)
        return super().create(vals_list)

    def _check_named(self, name, records):
        """An officer lists what they do not open; that it is the company's own is another question."""
        if name != "res_id":
            super()._check_named(name, records)

    def write(self, vals):
        self._check_open(self.run_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_open(self.run_id)

    def _check_open(self, runs):
        if any(run.state != "draft" for run in runs):
            raise UserError(self.env._("The list is fixed once it is proposed. Take the run back first."))
