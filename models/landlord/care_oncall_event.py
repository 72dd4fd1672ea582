from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CareOncallEvent(models.Model):
    """The events behind a disturbance: they name no client, no dwelling, and look no number up."""

    _inherit = "care.oncall.event"

    disturbance_id = fields.Many2one(
        "care.disturbance",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        frozen=False,
    )

    _disturbance_without_client = models.Constraint(
        "CHECK (disturbance_id IS NULL OR (client_id IS NULL AND dwelling_id IS NULL"
        " AND caller_kind IS DISTINCT FROM 'client' AND kind NOT IN ('check_visit', 'first_visit')))",
        "An event of a disturbance names no client and no dwelling of ours: the landlord could learn of it."
        " Write what happened around the client as an event of its own.",
    )

    def write(self, vals):
        if "disturbance_id" in self._not_decided(vals):
            self.check_access("write")  # before it is told how it stands with the case
            self._check_case_open()
        return super().write(vals)

    @api.constrains("disturbance_id")
    def _check_case_open(self):
        """The events behind a closed case are fixed with it: none is added, none taken away."""
        # sudo: whoever writes the event need not open the case; that it is closed is all that is told
        for case in self.sudo().disturbance_id:
            if case._is_frozen():
                raise UserError(case._frozen_message())

    @api.constrains("disturbance_id", "unit_id")
    def _check_disturbance_team(self):
        for event in self.filtered("disturbance_id"):
            if event.disturbance_id.unit_id != event.unit_id:
                raise ValidationError(self.env._("The disturbance belongs to another team."))

    @api.constrains("disturbance_id")
    def _check_disturbance_tells_nothing(self):
        """What was handed over or ordered for a client hangs on an event of its own."""
        # sudo: not every visit and handover behind an event is open to the crew; a refusal is all they learn
        for event in self.filtered("disturbance_id").sudo():
            if event.visit_ids or event.handover_ids.client_id:
                raise ValidationError(
                    self.env._(
                        "This event is behind a visit or a handover about a client. Write the disturbance as an"
                        " event of its own."
                    )
                )

    @api.depends("disturbance_id")
    def _compute_found(self):
        """The numbers on a case are not looked up: whose they are could tell who is a client."""
        linked = self.filtered("disturbance_id")
        linked.found_card_ids = False
        linked.earlier_event_ids = False
        return super(CareOncallEvent, self - linked)._compute_found()

    @api.onchange("caller_phone")
    def _onchange_caller_phone(self):
        return None if self.disturbance_id else super()._onchange_caller_phone()

    def action_open_disturbance(self):
        """The event's case; or a new one, to which an event that names a client is not linked."""
        self.ensure_one()
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "res_model": "care.disturbance",
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if self.disturbance_id:
            return action | {"res_id": self.disturbance_id.id}
        context = {"default_unit_id": self.unit_id.id, "default_area_id": self.area_id.id}
        if not self._tells_of_client():
            context |= {
                "default_event_ids": [(4, self.id)],
                "default_received_at": self.received_at,
                "default_complainant_name": self.caller_name,
                "default_complainant_phone": self.caller_phone,
            }
        return action | {"name": self.env._("New Disturbance"), "context": context}

    def _tells_of_client(self):
        self.ensure_one()
        return bool(
            self.client_id
            or self.dwelling_id
            or self.caller_kind == "client"
            or self.kind in ("check_visit", "first_visit")
        )
