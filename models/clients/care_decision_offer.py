from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# The act on support to certain persons with disabilities, which asks for the offer (10 §).
LSS = "1993:387"


class CareLegalBasis(models.Model):
    _inherit = "care.legal.basis"

    offers_plan = fields.Boolean(
        "Offer an Individual Plan",
        compute="_compute_offers_plan",
        store=True,
        readonly=False,
        help="Whoever is granted this support is offered an individual plan (LSS 10 §).",
    )

    @api.depends("law")
    def _compute_offers_plan(self):
        for basis in self:
            basis.offers_plan = basis.law == LSS


class CareDecision(models.Model):
    """LSS 10 §: at every granted support the client is offered an individual plan. A no is an answer too."""

    _inherit = "care.decision"

    offers_plan = fields.Boolean(related="legal_basis_id.offers_plan")
    plan_offered_on = fields.Date("Individual Plan Offered", readonly=True, copy=False)
    plan_offered_by_id = fields.Many2one("res.users", "Offered by", readonly=True, copy=False)
    plan_offer_answer = fields.Selection(
        [("yes", "Wants a plan"), ("no", "Does not want a plan")], "Answer", readonly=True, copy=False
    )
    plan_offer_note = fields.Char("In the Client's Words", readonly=True, copy=False)

    def action_record_plan_offer(self, answer, offered_on=None, note=None):
        """Record that an individual plan was offered, and what the client answered.

        :param str answer: ``yes`` or ``no``
        :param date offered_on: today when empty
        :raise AccessError: unless the user is the client's contact person or a manager of the unit
        """
        self._check_lasting()
        for decision in self:
            decision._check_may_offer()
        today = self._today()
        day = fields.Date.to_date(offered_on) or today
        if answer not in dict(self._fields["plan_offer_answer"].selection):
            raise UserError(self.env._("Choose what the client answered."))
        for decision in self:
            if not decision.offers_plan:
                raise UserError(self.env._("An individual plan is offered with decisions by LSS."))
            if not decision.date_from <= day <= today:
                raise UserError(self.env._("The offer is made after the decision, and not in the future."))
            # sudo: the contact person records the offer and may not write decisions; checked above
            decision.sudo().write(
                {
                    "plan_offered_on": day,
                    "plan_offered_by_id": self.env.uid,
                    "plan_offer_answer": answer,
                    "plan_offer_note": note,
                }
            )
        self._update_offer_reminders()

    def _check_may_offer(self):
        # sudo: a yes or no, whether the user is named for the client
        contacts_sudo = self.env["care.contact.person"].sudo()
        mine = (
            Domain("client_id", "=", self.client_id.id)
            & Domain("unit_id", "=", self.unit_id.id)
            & Domain("user_id", "=", self.env.uid)
            & contacts_sudo._domain_now()
        )
        if not contacts_sudo.search_count(mine, limit=1) and not self.sudo(False).search_count(
            [("id", "=", self.id), ("opened_by", "=", "management")], limit=1
        ):
            raise AccessError(
                self.env._("Only the client's contact person or a manager of the unit takes this step.")
            )

    def action_open_plan_offer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer an Individual Plan"),
            "res_model": "care.decision.offer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_decision_id": self.id},
        }

    def _update_offer_reminders(self):
        # sudo: reminders follow from all that is due in the stay, whatever of it the user opens
        stays_sudo = self.env["care.stay"].sudo()
        stays_sudo.search(
            [("client_id", "in", self.client_id.ids), ("unit_id", "in", self.unit_id.ids)]
        )._update_plan_reminders()

    @api.model
    def _to_offer(self, clients):
        """``{(client id, unit id): first day}`` of decisions in force whose offer nobody has recorded."""
        open_ = self.search_fetch(
            Domain("client_id", "in", clients.ids)
            & Domain("legal_basis_id.offers_plan", "=", True)
            & Domain("plan_offered_on", "=", False)
            & self._domain_now(),
            ["client_id", "unit_id", "date_from"],
        )
        return {
            (decision.client_id.id, decision.unit_id.id): decision.date_from
            for decision in open_.sorted("date_from", reverse=True)
        }
