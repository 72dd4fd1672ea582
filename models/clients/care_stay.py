from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

PLACES_MESSAGE = (
    "The dwelling has no free place in that period. Choose another dwelling or other dates, or end the"
    " earlier stay first."
)


class CareStay(models.Model):
    """A client's time in a unit. The stay is what opens the file to the unit.

    Times decide, not ``state``: the label is computed from the same days.
    """

    _name = "care.stay"
    _description = "Stay"
    _inherit = ["care.activity.mixin", "care.mistaken", "care.period"]
    _order = "date_from desc, id desc"
    _systray_view = "kanban"  # where a reminder leads, mostly on a phone
    _check_company_auto = True

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    is_protected = fields.Boolean(related="client_id.is_protected", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True)  # indexed together with the client, below
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    dwelling_id = fields.Many2one(
        "care.dwelling",
        index=True,
        domain="[('unit_id', '=', unit_id)]",
        check_company=True,
    )
    decision_id = fields.Many2one(
        "care.decision", domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("active", "Active"), ("ended", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )
    ended_at = fields.Datetime("Ended", readonly=True, copy=False)
    end_reason = fields.Selection(
        [
            ("own_home", "Moved to an own home"),
            ("moved", "Moved to another dwelling here"),
            ("other_unit", "Moved to another unit"),
            ("other_provider", "Moved to another provider"),
            ("decision_ended", "The decision ended"),
            ("client_wish", "The client wished to end"),
            ("deceased", "Deceased"),
            ("mistake", "Entered by mistake"),
            ("other", "Other"),
        ]
    )
    contact_person_id = fields.Many2one("care.contact.person", compute="_compute_contact_person_id")

    _once_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(client_id, client_id, '[]') WITH &&,"
        " int4range(unit_id, unit_id, '[]') WITH &&,"
        " daterange(LEAST(date_from, date_to), date_to, '[]') WITH &&)"
        " WHERE (end_reason IS DISTINCT FROM 'mistake')",
        "The client already has a stay in this unit in that period. Change or end that one.",
    )
    # The check itself is made by the trigger below; the constraint carries its message.
    _dwelling_places = models.Constraint("CHECK (TRUE)", PLACES_MESSAGE)
    _unit_idx = models.Index("(unit_id, client_id, opens_at, closes_at) INCLUDE (end_reason)")

    def init(self):
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS care_stay_places ON care_stay;
            CREATE TRIGGER care_stay_places
             AFTER INSERT OR UPDATE OF dwelling_id, date_from, date_to, closes_at ON care_stay
               FOR EACH ROW WHEN (NEW.dwelling_id IS NOT NULL) EXECUTE FUNCTION care_stay_check_places()
            """
        )

    @api.depends("unit_id.finish_days", "ended_at", "end_reason")
    def _compute_period(self):
        """A stay that was over before it began opens at no time."""
        super()._compute_period()
        for stay in self:
            if stay.ended_at and stay.ended_at <= stay.opens_at:
                stay.closes_at = stay.opens_at

    def _days_after_end(self):
        return self.unit_id.finish_days

    @api.depends("date_from", "date_to", "ended_at")
    def _compute_state(self):
        today = self._today()
        for stay in self:
            if stay.ended_at or (stay.date_to and stay.date_to < today):
                stay.state = "ended"
            elif stay.date_from and stay.date_from > today:
                stay.state = "planned"
            else:
                stay.state = "active"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._today()
        ended = Domain("ended_at", "!=", False) | Domain("date_to", "<", today)
        planned = Domain("date_from", ">", today)
        domains = {"ended": ended, "planned": ~ended & planned, "active": ~ended & ~planned}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _domains_occupancy(self):
        today = self._today()
        soon = today + self.env["care.rule"]._period("due_warning")
        return {
            "taken": Domain("state", "=", "active"),
            "arriving": Domain("state", "=", "planned") & Domain("date_from", "<=", soon),
            "leaving": Domain("state", "=", "active") & Domain("date_to", "<=", soon),
        }

    @api.depends_context("uid")
    def _compute_contact_person_id(self):
        found = self.env["care.contact.person"]._primary_now(self.client_id)
        for stay in self:
            stay.contact_person_id = found.get((stay.client_id, stay.unit_id), False)

    @api.constrains("unit_id")
    def _check_unit_regime(self):
        for stay in self:
            if not stay.unit_id.keeps_clients:
                raise ValidationError(
                    self.env._(
                        "%(unit)s keeps no clients' files. Choose a unit"
                        " where clients stay after a decision.",
                        unit=stay.unit_id.name,
                    )
                )

    @api.constrains("dwelling_id", "unit_id")
    def _check_dwelling_unit(self):
        for stay in self:
            if stay.dwelling_id and stay.dwelling_id.unit_id != stay.unit_id:
                raise ValidationError(
                    self.env._("The dwelling belongs to another unit. Choose one of the stay's unit.")
                )

    @api.constrains("decision_id")
    def _check_decision(self):
        """A link shows the decision's display name, whoever may open it: only the client's own, of this unit."""
        for stay in self:
            # sudo: the decision may be closed to the writer; nothing is told but that it is the wrong one
            decision_sudo = stay.decision_id.sudo()
            if decision_sudo and (decision_sudo.client_id, decision_sudo.unit_id) != (
                stay.client_id,
                stay.unit_id,
            ):
                raise ValidationError(
                    self.env._("The decision is another client's or unit's. Choose one of this file.")
                )

    @api.constrains("client_id", "unit_id")
    def _check_client_company(self):
        for stay in self:
            if stay.client_id.company_id != stay.unit_id.company_id:
                raise ValidationError(self.env._("The client and the unit belong to different companies."))

    @api.model_create_multi
    def create(self, vals_list):
        """A stay in the unit ends the intake there: from now on the stay opens the file."""
        self.env["care.dwelling"].flush_model(["places"])  # the trigger looks at the table
        stays = super().create(vals_list)
        arrived = stays.filtered(lambda stay: stay.client_id.intake_unit_id == stay.unit_id)
        # sudo: the unit's manager may lose the right to the client in the very act.
        arrived.sudo()._write_decided({"ended_intake": True})
        # sudo: as above
        arrived.client_id.sudo().write({"intake_unit_id": False})
        return stays

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        if any(stay.state != "planned" for stay in self):
            raise UserError(
                self.env._("Only a planned stay can be removed. End this one instead; it stays in the file.")
            )

    def action_start(self):
        """The client moves in today, earlier than planned."""
        self.check_access("write")
        today = self._today()
        for stay in self:
            if stay.state != "planned":
                raise UserError(self.env._("Only a planned stay can be started."))
            stay.date_from = today

    def action_end(self, date_to=None, end_reason=None):
        """End the stay. What was entered by mistake is taken back, at once.

        :param date date_to: the last day; today when empty
        :param str end_reason: a value of ``end_reason``
        :raise UserError: when the stay has not begun or has ended already
        """
        if end_reason == "mistake":
            return self.action_take_back(dict(self._fields["end_reason"].selection)[end_reason])
        today = self._today()
        last_day = fields.Date.to_date(date_to) or today
        for stay in self:
            if stay.state == "ended":
                raise UserError(self.env._("This stay has ended already."))
            if stay.state == "planned":
                raise UserError(self.env._("This stay has not begun. Remove it, or change its dates."))
            former = stay.date_to if stay.date_to != last_day else stay.former_date_to
            stay._write_decided(
                {
                    "former_date_to": former,
                    "date_to": last_day,
                    "end_reason": end_reason or stay.end_reason,
                    "ended_at": fields.Datetime.now() if last_day <= today else False,
                }
            )
        return None

    def action_open_end(self):
        """Ask for the last day and the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End Stay"),
            "res_model": "care.stay.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_stay_id": self.id},
        }
