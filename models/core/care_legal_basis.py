from odoo import fields, models


class CareLegalBasis(models.Model):
    """A paragraph that a service rests on. Law is data: the provider's jurist edits it here."""

    _name = "care.legal.basis"
    _description = "Legal Basis"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="As it is cited: SoL 11:1, LSS 9 § 9.")
    law = fields.Char(required=True, help="The act's number: 2025:400.")
    regime = fields.Selection(
        [
            ("assessed", "After a decision"),
            ("open", "Open, without assessment"),
            ("landlord", "Assignment for a property owner"),
            ("quality", "Quality"),
        ],
        required=True,
        default="assessed",
    )
    source = fields.Char(help="Where the wording was read, and its date.")
    verified = fields.Boolean(help="Someone at the provider has checked it against the law in force.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code, law)", "This legal basis exists already. Edit the existing one.")
