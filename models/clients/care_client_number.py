from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import frozen
from ...tools import personal_number as pnr

# The client's own number is a row among the others: so one unique index holds for all numbers of all clients, however
# two requests meet, and one look finds whoever has or had a number.
KEEP_FUNCTION = """
CREATE OR REPLACE FUNCTION care_client_keep_number() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.personal_number IS NOT DISTINCT FROM OLD.personal_number THEN
            RETURN NEW;
        END IF;
        UPDATE care_client_number SET kind = 'former' WHERE client_id = NEW.id AND kind = 'current';
        UPDATE care_client_number SET kind = 'current'
         WHERE client_id = NEW.id AND number = NEW.personal_number;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.personal_number IS NOT NULL THEN
        INSERT INTO care_client_number (client_id, company_id, number, kind, create_uid, create_date)
        VALUES (NEW.id, NEW.company_id, NEW.personal_number, 'current', NEW.write_uid, NEW.write_date);
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS care_client_number ON care_client;
CREATE TRIGGER care_client_number AFTER INSERT OR UPDATE OF personal_number ON care_client
   FOR EACH ROW EXECUTE FUNCTION care_client_keep_number();
"""


class CareClientNumber(models.Model):
    """A number by which a client is or was known: the personal number, earlier ones, reserve and interim numbers.

    The database keeps the personal number here, and the former one when another is written. The rest is written
    down by whoever may write the personal number: a manager, who learns from a refusal that a number is known.
    """

    _name = "care.client.number"
    _description = "Client's Number"
    _inherit = ["care.walled"]
    _order = "client_id, kind, id"
    _wall_unit = None

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="client_id.company_id", store=True, precompute=True)
    number = fields.Char(
        required=True,
        help="However it is written, with hyphen or without: it is stored in capital letters and digits alone.",
    )
    number_written = fields.Char(
        "As It Is Written", compute="_compute_number_written", readonly=False, exportable=False
    )
    kind = fields.Selection(
        [
            ("current", "Personal number"),
            ("former", "Former personal number"),
            ("reserve", "Reserve number"),
            ("interim", "Interim number"),
            ("other", "Other"),
        ],
        required=True,
    )

    _number_uniq = models.UniqueIndex(
        "(number, company_id)",
        "A client with this personal number is registered already. If you cannot find the client, ask the"
        " manager of the unit where the client is known to send an intake to your unit.",
    )
    _number_form = models.Constraint(
        "CHECK (length(number) BETWEEN 4 AND 40)", "A number has at least four characters, and at most forty."
    )

    def init(self):
        super().init()
        self.env.cr.execute(KEEP_FUNCTION)
        frozen.mark(self.env.cr, "care_client_keep_number()")

    @api.depends("number")
    def _compute_number_written(self):
        for number in self:
            number.number_written = pnr.written_other(number.number)

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        # with what the caller's context fills in, or it would pass by the checks
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        clients = self.env["care.client"].browse(
            {vals["client_id"] for vals in vals_list if vals.get("client_id")}
        )
        clients._check_managed()  # before it is told that a number is known
        vals_list = [self._normalise(dict(vals)) for vals in vals_list]
        companies = {client.id: client.company_id.id for client in clients}
        clients._check_numbers_are_free(
            [
                {"company_id": companies.get(vals.get("client_id")), "personal_number": vals["number"]}
                for vals in vals_list
            ]
        )
        return super().create(vals_list)

    @api.model
    def load(self, fields, data):
        """Row by row it would tell a list of numbers apart into known and others (``care_client_import.py``)."""
        if self.env.su:
            return super().load(fields, data)
        raise UserError(self.env._("Numbers are imported with the clients, as a column of their file."))

    @api.model
    def _normalise(self, vals):
        """As it is stored, whichever way it came in. A former personal number is a valid one."""
        if vals.get("kind") == "current":
            raise UserError(self.env._("The personal number itself is written on the client."))
        text = vals.pop("number_written", None) or vals.get("number")
        is_former = vals.get("kind") == "former"
        vals["number"] = (
            self.env["care.client"]._read_personal_number(text) if is_former else pnr.stored(text)
        )
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_current(self):
        """What was written down by mistake is taken away: it would open this file to whoever looks for another."""
        if "current" in self.mapped("kind"):
            raise UserError(self.env._("The personal number itself is changed on the client."))
        self.client_id._check_managed()
