from odoo import api, fields, models
from odoo.fields import Domain

WITNESS = "social_care.activity_plan_witness"


class CarePlan(models.Model):
    """An oral answer waits for the second member of staff, who is reminded and has a button."""

    _inherit = "care.plan"

    waits_for_me = fields.Boolean(compute="_compute_waits_for_me", help="An oral answer that I heard too.")

    @api.depends("state", "signature_ids.witnessed_at")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        for plan in self:
            plan.waits_for_me = bool(plan._signatures_waiting().filtered("waits_for_me"))

    def _witnesses(self):
        """Colleagues who can confirm an oral answer: members of the unit now, to whom the plan is open.

        A protected person's plan is open to few, and a lockout closes it for one.
        """
        self.ensure_one()
        # sudo: memberships are no secret to the unit; only those who open the plan themselves come back
        members_sudo = self.env["care.unit.member"].sudo()
        here = Domain("unit_id", "=", self.unit_id.id) & members_sudo._domain_now()
        colleagues = members_sudo.search(here).user_id.sudo(False) - self.env.user
        plan = self.with_context(allowed_company_ids=[])  # each has their own companies
        return colleagues.filtered(lambda user: plan.with_user(user).has_access("write"))

    def _signatures_waiting(self):
        """Oral answers to the open proposal that the second member of staff has not confirmed."""
        self.ensure_one()
        if self.state != "proposed":
            return self.signature_ids.browse()
        return self._signatures_now().filtered(lambda signature: not signature._is_counted())

    def action_confirm_oral(self):
        """The second member of staff has heard what the first has noted."""
        for plan in self:
            plan._signatures_waiting().filtered("waits_for_me").action_confirm()

    def _after_signature(self):
        super()._after_signature()
        self._update_witness_reminders()

    def _after_transition(self, before):
        super()._after_transition(before)
        self._update_witness_reminders()

    def _update_witness_reminders(self):
        self._stays_sudo()._sync_witnesses()


class CareStay(models.Model):
    _inherit = "care.stay"

    oral_answer = fields.Char(
        compute="_compute_oral_answer",
        help="What a colleague has noted, and names the reader as having heard.",
    )

    @api.depends_context("uid", "lang")
    def _compute_oral_answer(self):
        waiting = self._signatures_for_me().grouped(
            lambda signature: (signature.client_id, signature.unit_id)
        )
        for stay in self:
            signatures = waiting.get((stay.client_id, stay.unit_id), self.env["care.signature"])
            stay.oral_answer = " · ".join(signature._answer_text() for signature in signatures)

    def _update_plan_reminders(self):
        super()._update_plan_reminders()
        self._sync_witnesses()

    def _sync_witnesses(self):
        """Each colleague who is waited for, on the one stay that comes first, like all of a unit's reminders."""
        plans = self.env["care.plan"].search(
            Domain("state", "=", "proposed")
            & Domain("client_id", "in", self.client_id.ids)
            & Domain("unit_id", "in", self.unit_id.ids)
        )
        witnesses = {(plan.client_id, plan.unit_id): plan._signatures_waiting().witness_id for plan in plans}
        users_of = dict.fromkeys(self, ())
        for stay in self.filtered(lambda stay: stay.state != "ended").sorted("date_from"):
            users_of[stay] = witnesses.pop((stay.client_id, stay.unit_id), ())
        self._sync_activities(WITNESS, users_of)

    def _signatures_for_me(self):
        signatures = self.env["care.signature"].search(
            Domain("witness_id", "=", self.env.uid)
            & Domain("witnessed_at", "=", False)
            & Domain("client_id", "in", self.client_id.ids)
            & Domain("plan_id.state", "=", "proposed")
        )
        return signatures.filtered(lambda signature: signature in signature.plan_id._signatures_waiting())

    def action_confirm_oral(self):
        """From the reminder, which hangs on the stay, in one step."""
        for stay in self:
            mine = stay._signatures_for_me().filtered(
                lambda signature, stay=stay: signature.unit_id == stay.unit_id
            )
            mine.action_confirm()


class CareSignature(models.Model):
    _inherit = "care.signature"

    def _answer_text(self):
        """``P000001: The client agrees. A note``, as it was noted."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("role", "outcome")
        }
        text = f"{self.plan_id.reference}: {labels['role']}: {labels['outcome'].lower()}."
        return f"{text} {self.note}" if self.note else text
