from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import frozen
from .care_retention_run import RETENTION_MODELS


class CareRetentionLine(models.Model):
    """A row that a retention run deletes: an id, never content."""

    _name = "care.retention.line"
    _description = "Row of a Retention Run"
    _inherit = ["care.guarded"]
    _order = "run_id, model, res_id"
    _frozen_with = "run_id"
    _retained_with = None

    run_id = fields.Many2one("care.retention.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True, frozen=False)
    model = fields.Selection(RETENTION_MODELS, required=True, default=RETENTION_MODELS[0][0], frozen=True)
    res_id = fields.Many2oneReference("Row", model_field="model", required=True, frozen=True)
    reference = fields.Char(
        compute="_compute_reference", readonly=False, help="Written in place of the row's id."
    )

    _once = models.UniqueIndex("(run_id, model, res_id)", "The run lists this row already.")
    _row_idx = models.Index("(model, res_id)")
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The list is fixed once it is proposed. Take the run back first."
    )

    @api.model
    def _guard_conditions(self):
        """Nothing that is listed is of another company than the run."""
        conditions = super()._guard_conditions()
        company = "(SELECT r.company_id FROM care_retention_run r WHERE r.id = NEW.run_id)"
        foreign = f"care_retention_company(NEW.model, NEW.res_id) IS DISTINCT FROM {company}"
        relisted = f"{frozen.changed('model', 'res_id')} AND {foreign}"
        return conditions | {
            "insert": f"{conditions['insert']} OR {foreign}",
            "update": f"{conditions['update']} OR ({relisted})",
        }

    @api.depends("model", "res_id")
    def _compute_reference(self):
        """The row's own reference, which names nobody; of what is stored, never of an id in an open form."""
        lines = self._origin
        references = {
            (company, model, row.id): row.reference
            for (company, model), same in lines.grouped(lambda line: (line.company_id, line.model)).items()
            for row in self._listable(model, company, Domain("id", "in", same.mapped("res_id")))
        }
        for line in self:
            origin = line._origin
            line.reference = references.get((origin.company_id, origin.model, origin.res_id))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        self._check_whole_open(vals_list)  # before the rows are looked for
        return super().create(self._with_rows(vals_list))

    def _check_named(self, name, records):
        """An officer lists what they do not open; that it is the company's own is another question."""
        if name != "res_id":
            super()._check_named(name, records)

    def write(self, vals):
        if not {"run_id", "model", "res_id", "reference"} & vals.keys():
            return super().write(vals)
        listed = [{"run_id": line.run_id.id, "model": line.model, "res_id": line.res_id} for line in self]
        for line, row in zip(self, self._with_rows([{**old, **vals} for old in listed]), strict=True):
            super(CareRetentionLine, line).write(row)
        return True

    @api.model
    def _runs_of(self, vals_list):
        runs = self.env["care.retention.run"]
        return runs.browse({vals["run_id"] for vals in vals_list if vals.get("run_id")})

    @api.model
    def _with_rows(self, vals_list):
        """The values with the ids of rows that their runs may list, named by reference or by id.

        What is of another company, what is not there and what cannot be listed give the same answer.
        """
        rows = [(self._runs_of([vals]).company_id, vals.get("model"), *self._key(vals)) for vals in vals_list]
        wanted = {}
        for *group, key in rows:
            wanted.setdefault(tuple(group), set()).add(key)
        found = {
            (*group, row[group[-1]]): row.id
            for group, keys in wanted.items()
            for row in self._listable(group[1], group[0], Domain(group[-1], "in", keys))
        }
        if any(row not in found for row in rows):
            raise UserError(
                self.env._(
                    "The run can list nothing with this reference. Check how it is written. Shifts and"
                    " relatives' cases are listed when they are closed."
                )
            )
        for vals, row in zip(vals_list, rows, strict=True):
            vals["res_id"] = found[row]
            vals.pop("reference", None)
        return vals_list

    @api.model
    def _key(self, vals):
        """What names the row: its reference if that was written, else its id."""
        return ("reference", vals["reference"]) if vals.get("reference") else ("id", vals.get("res_id"))

    @api.model
    def _listable(self, model, company, domain):
        """The rows that a run of the company may list, found as superuser."""
        if not company or model not in self._fields["model"].get_values(self.env):
            return ()
        # sudo: the officer opens no content; only ids and references come back
        rows_sudo = self.env[model].sudo().with_context(active_test=False)
        return rows_sudo.search_fetch(domain & self._domain_listable(model, company), ["reference"])

    @api.model
    def _domain_listable(self, model, company):
        """What of a model a run of the company may list."""
        return Domain("company_id", "=", company.id)

    @api.model
    def _listed(self, records):
        """Those of the records that an approved run lists."""
        domain = [
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
            ("run_id.state", "=", "approved"),
        ]
        # sudo: whoever deletes need not be a privacy officer
        return records.browse(self.sudo().search_fetch(domain, ["res_id"]).mapped("res_id"))
