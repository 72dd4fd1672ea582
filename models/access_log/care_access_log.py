from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import access_log_table


class CareAccessLog(models.Model):
    """Who saw or changed what of a client's file, when and by which way. Ids and reasons, never content.

    The lines are written by the module alone (``care_access_log_writing.py``). Nobody makes, changes or
    deletes one through the ORM, superuser included, and the database refuses changes as well; whole
    months are dropped when the retention period has passed (``care_access_log_months.py``).
    """

    _name = "care.access.log"
    _description = "Access Log"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    client_id = fields.Many2one("care.client", "Client's File", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    model = fields.Char("Technical Name", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="model", readonly=True, help="Empty when several records were seen at once."
    )
    operation = fields.Selection(
        [
            ("read", "Read"),
            ("search", "Found in a search"),
            ("export", "Exported"),
            ("print", "Printed out"),
            ("create", "Created"),
            ("write", "Changed"),
            ("unlink", "Deleted"),
        ],
        required=True,
        readonly=True,
    )
    channel = fields.Selection(
        [
            ("web", "Odoo in the browser"),
            ("json2", "API (JSON-2)"),
            ("rpc", "API (RPC)"),
            ("portal", "Portal"),
            ("server", "The server itself"),
        ],
        required=True,
        readonly=True,
    )
    refused = fields.Boolean(readonly=True)
    # No foreign key and no relation: the log outlives what it speaks of.
    emergency_id = fields.Integer("Emergency Access", readonly=True)
    reason = fields.Char(readonly=True)

    @property
    def _table_query(self):
        """Odoo knows no partitioned tables: it takes one for missing, unless it is told how to ask."""
        return SQL("SELECT * FROM care_access_log")

    def init(self):
        access_log_table.make(self.env.cr)

    def _check_access(self, operation):
        """As the wall: in Python the rule on the client's file holds for nobody."""
        if result := super(CareAccessLog, self.browse())._check_access(operation):
            return self, result[1]
        return self._refused_by_rules(operation)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise self._refusal()

    def write(self, vals):  # pylint: disable=method-required-super
        raise self._refusal()

    def _create(self, data_list):
        raise self._refusal()

    def _write(self, vals):
        raise self._refusal()

    def _write_multi(self, vals_list):
        raise self._refusal()

    def _refusal(self):
        return UserError(self.env._("The access log is written by Odoo itself. Nobody changes it."))
