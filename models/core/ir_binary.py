from odoo import models

from ...tools.attached import is_ours


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(self, xmlid=None, res_model="ir.attachment", res_id=None, access_token=None, field=None):
        """Odoo gives whoever sees a file a link that opens without a login. None opens ours."""
        if access_token and self._is_of_ours(xmlid, res_model, res_id):
            access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)

    def _is_of_ours(self, xmlid, res_model, res_id):
        record = self.env.ref(xmlid, raise_if_not_found=False) if xmlid else None
        if record is None and res_id is not None and res_model in self.env:
            record = self.env[res_model].browse(res_id).exists()
        if not record:
            return False
        if record._name == "ir.attachment":
            return any(record._hosts().values())
        return is_ours(record._name)
