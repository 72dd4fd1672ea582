from odoo import api, models
from odoo.exceptions import UserError

RELATIVE_CASE = "care.relative.case"


class CareRetentionLine(models.Model):
    """A relative's case in a retention run: closed, told by a supporter, and never beside a client's file."""

    _inherit = "care.retention.line"

    @api.model
    def _listed(self, records):
        """Those of the records that an approved run lists."""
        domain = [
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
            ("run_id.state", "=", "approved"),
        ]
        return records.browse(self.sudo().search_fetch(domain, ["res_id"]).mapped("res_id"))

    @api.constrains("run_id", "model", "res_id")
    def _check_relative_case(self):
        """A run that lists both would tie a relative to a client."""
        for run in self.run_id:
            models_ = set(run.line_ids.mapped("model"))
            if RELATIVE_CASE in models_ and len(models_) > 1:
                raise UserError(
                    self.env._("Relatives' cases are in a run of their own, apart from clients' files.")
                )
        # written by its reference a line comes by its row a moment later
        lines = self.filtered(lambda line: line.model == RELATIVE_CASE and line.res_id)
        cases_sudo = self.env[RELATIVE_CASE].sudo().browse(lines.mapped("res_id")).exists()
        for line in lines:
            case_sudo = cases_sudo.filtered(lambda case, line=line: case.id == line.res_id)
            if case_sudo.state != "closed" or case_sudo.company_id != line.company_id:
                raise UserError(self._no_closed_case())

    def _inverse_reference(self):
        """The same answer for what is open and what is not there: officers see no case."""
        lines = self.filtered(lambda line: line.model == RELATIVE_CASE)
        for line in lines:
            domain = [
                ("reference", "=", line.reference),
                ("company_id", "=", line.company_id.id),
                ("state", "=", "closed"),
            ]
            case_sudo = self.env[RELATIVE_CASE].sudo().search(domain, limit=1)
            if not case_sudo:
                raise UserError(self._no_closed_case())
            line.res_id = case_sudo.id
        return super(CareRetentionLine, self - lines)._inverse_reference()

    def _no_closed_case(self):
        return self.env._("There is no closed case with this reference.")
