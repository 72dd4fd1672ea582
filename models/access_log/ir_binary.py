from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        if record._wall == "file":
            self.env["care.access.log"]._note(record)
        return super()._record_to_stream(record, field_name)
