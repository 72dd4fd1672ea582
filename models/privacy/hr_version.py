from odoo import models


class HrVersion(models.Model):
    _inherit = "hr.version"

    # As care_client_lockout_matching.py compares them.
    _care_ssnid_idx = models.Index(
        r"(right(regexp_replace(ssnid, '\D', '', 'g'), 10)) WHERE ssnid IS NOT NULL"
    )
    _care_identification_idx = models.Index(
        r"(right(regexp_replace(identification_id, '\D', '', 'g'), 10)) WHERE identification_id IS NOT NULL"
    )

    def write(self, vals):
        result = super().write(vals)
        if {"ssnid", "identification_id"} & vals.keys():
            self.env["care.client.lockout"]._match(employees=self.employee_id)
        return result
