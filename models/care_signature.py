from odoo import fields, models


class CareSignature(models.Model):
    """What one party said to one exact content, and how. Never changed, never taken away."""

    _name = "care.signature"
    _description = "Signature"
    _inherit = ["care.walled"]
    _order = "signed_at, id"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade", readonly=True)
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    role = fields.Selection(
        [
            ("client", "The client"),
            ("representative", "Representative"),
            ("contact_person", "Contact person"),
        ],
        required=True,
        readonly=True,
    )
    outcome = fields.Selection(
        [("agreed", "Agrees"), ("declined", "Does not agree"), ("could_not", "Could not sign")],
        required=True,
        readonly=True,
    )
    method = fields.Selection(
        [
            ("drawn", "Drawn on the screen"),
            ("portal", "In the portal"),
            ("paper", "On paper"),
            ("oral", "Orally"),
        ],
        required=True,
        readonly=True,
    )
    signer_name = fields.Char("Name", required=True, readonly=True)
    contact_id = fields.Many2one("care.client.contact", "Representative", readonly=True)
    signed_at = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Recorded by", required=True, readonly=True, default=lambda self: self.env.uid
    )
    witness_id = fields.Many2one("res.users", "Second Staff", readonly=True)
    witnessed_at = fields.Datetime("Confirmed", readonly=True)
    image = fields.Binary("Signature", attachment=False, readonly=True, exportable=False)
    attachment_id = fields.Many2one("ir.attachment", "Scanned Paper", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True)
    content_hash = fields.Char("Signed Content", required=True, readonly=True)
