from odoo import api, fields, models

from ...tools.fields import selection_of


class CarePlanSign(models.TransientModel):
    """Asks who signs a proposed plan and how; the plan decides whether it may be so."""

    _name = "care.plan.sign"
    _description = "Sign a Plan"

    plan_id = fields.Many2one("care.plan", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id")
    unit_id = fields.Many2one(related="plan_id.unit_id")
    content_hash = fields.Char(
        compute="_compute_shown", store=True, readonly=False, help="Of the content that the signer sees."
    )
    role = fields.Selection(
        selection_of("care.signature", "role"),
        "Who",
        required=True,
        compute="_compute_shown",
        store=True,
        readonly=False,
    )
    outcome = fields.Selection(
        selection_of("care.signature", "outcome"),
        "Answer",
        required=True,
        default="agreed",
    )
    method = fields.Selection(
        [("drawn", "On the screen"), ("paper", "On paper"), ("oral", "Orally")],
        "How",
        required=True,
        default="drawn",
    )
    signer_name = fields.Char("Name", compute="_compute_signer_name")
    contact_id = fields.Many2one(
        "care.client.contact",
        "Representative",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id), ('kind', '=', 'representative'),"
        " ('scope', '!=', 'economy')]",
    )
    witness_user_ids = fields.Many2many("res.users", compute="_compute_witness_user_ids")
    witness_id = fields.Many2one(
        "res.users",
        "Second Staff",
        domain="[('id', 'in', witness_user_ids)]",
        help="Who heard the answer too.",
    )
    image = fields.Binary("Signature", attachment=False)
    scan = fields.Binary("Scanned Paper", attachment=False)
    scan_name = fields.Char(store=False)
    note = fields.Text()

    @api.depends("plan_id")
    def _compute_shown(self):
        """The client first, then the contact person."""
        for wizard in self:
            wizard.content_hash = wizard.plan_id.content_hash
            signed = set(wizard.plan_id._signatures_now().mapped("role")) if wizard.plan_id else set()
            wizard.role = "contact_person" if {"client", "representative"} & signed else "client"

    @api.depends("role", "plan_id")
    def _compute_contact_id(self):
        """Where the network has one representative, nobody has to be chosen."""
        for wizard in self.filtered(lambda wizard: wizard.role == "representative" and not wizard.contact_id):
            contacts = wizard.plan_id._representatives().grouped("unit_id").get(wizard.unit_id)
            wizard.contact_id = contacts and len(contacts) == 1 and contacts

    @api.depends("role", "contact_id", "plan_id")
    def _compute_signer_name(self):
        for wizard in self:
            if wizard.role == "client":
                wizard.signer_name = wizard.plan_id.client_id.name
            elif wizard.role == "representative":
                wizard.signer_name = wizard.contact_id.name
            else:
                wizard.signer_name = self.env.user.care_name

    @api.depends("plan_id", "method")
    def _compute_witness_user_ids(self):
        for wizard in self:
            wizard.witness_user_ids = wizard.method == "oral" and wizard.plan_id._witnesses()

    def action_sign(self):
        self.ensure_one()
        plan = self.plan_id
        plan.action_sign(
            self.role,
            self.outcome,
            self.method,
            self.content_hash,
            image=self.image,
            note=self.note,
            scan=self.scan,
            contact_id=self.contact_id.id,
            witness_id=self.witness_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
