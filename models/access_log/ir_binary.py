from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        if "opened_by" in record._fields:
            self.env["care.access.log"]._note(record)
        return super()._record_to_stream(record, field_name)
