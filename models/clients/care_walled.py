from odoo import api, models


class CareWalled(models.AbstractModel):
    """Whatever it is, nothing new is written in the double of another file (``care_client_double.py``)."""

    _inherit = "care.walled"

    # Whether its rows are about who opens a file, or what leaves it, and so about a double too.
    _wall_on_double = False

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        doubles = self.env["care.client"]._doubles()
        if doubles and not self._wall_on_double and self._wall_client != "id":
            # sudo: whoever writes a row may not read it; where it was written is asked alone
            clients = records.sudo()._new_in_file()[self._wall_client].sudo(False)
            if any(id_ in doubles for id_ in clients._ids):
                clients._refuse_double()
        return records

    def _new_in_file(self):
        """Those that are no correction of what stands in the file already."""
        return self
