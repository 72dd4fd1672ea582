from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareProcessing(models.Model):
    """Why a kind of record about persons is kept, where it comes from, who gets it and for how long (GDPR 15.1, 30).

    Law is data: the provider's privacy officer edits the texts. Every model behind the clients' wall has one,
    or the register extract of a person would be silent about it; a test walks the models.
    """

    _name = "care.processing"
    _description = "What Is Kept and Why"
    _inherit = ["care.guarded"]
    _order = "sequence, id"

    model = fields.Char(required=True, readonly=True, help="The technical name of the kind of record.")
    name = fields.Char("What", required=True, translate=True)
    purpose = fields.Text(required=True, translate=True)
    source = fields.Text("Where It Comes From", required=True, translate=True)
    recipients = fields.Text("Who Gets It", required=True, translate=True)
    retention = fields.Text("How Long", required=True, translate=True)
    legal_source = fields.Char(help="The paragraphs that the texts rest on.")
    third_party = fields.Char(
        "About Others",
        help="Fields, by technical name and comma, that may tell of somebody else. Each is judged before it is given.",
    )
    left_out = fields.Char(
        "Technical Fields", help="Fields that repeat others for searching, or point at other rows."
    )
    is_projection = fields.Boolean(
        "Shows Other Rows", help="Shows what other kinds of records hold; nothing of its own is kept."
    )
    verified = fields.Boolean(help="Someone at the provider has checked it against the law in force.")
    sequence = fields.Integer(default=10)

    _model_uniq = models.UniqueIndex("(model)", "This kind of record is described already.")

    @api.constrains("model", "third_party", "left_out")
    def _check_fields(self):
        for entry in self:
            model = self.env.get(entry.model)
            if model is None:
                continue  # described before it is installed
            unknown = (entry._names("third_party") | entry._names("left_out")) - model._fields.keys()
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(model)s has no field %(names)s.",
                        model=entry.model,
                        names=", ".join(sorted(unknown)),
                    )
                )

    def _names(self, field):
        return {name.strip() for name in (self[field] or "").split(",") if name.strip()}
