from odoo import Command, api, fields, models
from odoo.fields import Domain

from .care_check_visit_reach import REACH, WAITING


class CareCheckVisit(models.Model):
    """What hinders no order and should be known: that nobody is on duty then yet, and that one is ordered already.

    The orderer sees it on the form, before it is saved too; of an hour without a crew the lead is reminded.
    """

    _inherit = "care.check.visit"

    refusal = fields.Text(
        compute="_compute_refusal", help="Why this order would reach nobody, before it is saved."
    )
    hint = fields.Text(compute="_compute_hint")

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._sync_unmanned()
        return visits

    def write(self, vals):
        result = super().write(vals)
        if REACH & vals.keys():
            self._sync_unmanned()
        return result

    # ------------------------------------------------------------------
    # Nobody on duty
    # ------------------------------------------------------------------

    def _unmanned(self):
        """Those of these orders in whose time, as far as it is left, nobody is on duty by the roster."""
        now = fields.Datetime.now()
        timed = self.filtered(lambda visit: visit.window_start and visit.window_end > now)
        if not timed:
            return timed
        # sudo: the roster is the team's own; that somebody is on duty is all that comes back
        shifts_sudo = (
            self.env["care.oncall.shift"]
            .sudo()
            .search_fetch(
                Domain("unit_id", "in", timed.oncall_unit_id.ids)
                & Domain("state", "!=", "closed")
                & Domain("employee_ids", "!=", False)
                & Domain("date_start", "<", max(timed.mapped("window_end")))
                & Domain("date_end", ">", max(now, min(timed.mapped("window_start")))),
                ["unit_id", "date_start", "date_end"],
            )
        )
        return timed.filtered(
            lambda visit: (
                not any(
                    shift.unit_id == visit.oncall_unit_id
                    and shift.date_start < visit.window_end
                    and shift.date_end > max(now, visit.window_start)
                    for shift in shifts_sudo
                )
            )
        )

    def _sync_unmanned(self):
        """The lead is reminded, on the team, of an order at whose time nobody is on duty, until somebody is."""
        if not (waiting := self.filtered(lambda visit: visit.state in ("ordered", "acknowledged"))):
            return
        unmanned, leads = waiting._unmanned(), waiting.oncall_unit_id._leads_now()
        waiting._sync_on_team(
            "social_care.mail_activity_coverage",
            {visit: leads[visit.oncall_unit_id] if visit in unmanned else [] for visit in waiting},
            lambda visit: visit.env._("Nobody on duty for an ordered visit: %s", visit._window_text()),
        )

    def _sync_on_team(self, type_xmlid, users_of, summary_of):
        """The lead reads no order outside a shift: the reminder hangs on the team, where others read it too."""
        made = self.env["care.unit"]._sync_activities(
            type_xmlid,
            users_of,
            None,
            summary_of,
            once=True,
            hung_on="oncall_unit_id",
            kept_in="lead_activity_ids",
        )
        for visit, activities in made.items():
            # sudo: what the order has its lead reminded by, which its orderer neither reads nor writes
            visit.sudo()._write_decided({"lead_activity_ids": [Command.link(id_) for id_ in activities.ids]})

    # ------------------------------------------------------------------
    # On the form, before it is saved too
    # ------------------------------------------------------------------

    def _may_be_told(self):
        """A form's values are whatever the caller sends: of a client and a unit of one's own, or a saved order."""
        self.ensure_one()
        client, unit = self.client_id._origin, self.unit_id._origin
        return bool(client and unit) and (
            bool(self._origin) or (client.has_access("read") and bool(unit._mine_now()))
        )

    def _is_timed(self):
        return bool(self.window_start and self.window_end and self.window_start < self.window_end)

    @api.depends_context("uid")
    @api.depends("client_id", "unit_id", "state", *REACH)
    def _compute_refusal(self):
        for visit in self:
            asked = not visit._origin and visit._is_timed() and visit._may_be_told()
            visit.refusal = asked and visit._why_unreachable().get(visit)

    @api.depends_context("uid")
    @api.depends("client_id", "unit_id", "state", "refusal", *REACH)
    def _compute_hint(self):
        for visit in self:
            told = visit.state in ("ordered", "acknowledged") and not visit.refusal
            told = told and visit._is_timed() and visit._may_be_told()
            visit.hint = told and "\n".join(filter(None, [visit._twin_hint(), visit._unmanned_hint()]))

    def _twin_hint(self):
        """Searched as the reader, who is told of no other unit's order."""
        twin = self.search(
            WAITING
            & Domain("client_id", "=", self.client_id._origin.id)
            & Domain("window_start", "<", self.window_end)
            & Domain("window_end", ">", self.window_start)
            & Domain("id", "!=", self._origin.id),
            limit=1,
        )
        return bool(twin) and self.env._(
            "A visit is ordered for this time already: %(reference)s, %(window)s. Is another one needed?",
            reference=twin.display_name,
            window=twin._window_text(),
        )

    def _unmanned_hint(self):
        if not self._unmanned():
            return None
        # sudo: the roster is the team's own; the unit is told when somebody is on duty next
        next_sudo = (
            self.env["care.oncall.shift"]
            .sudo()
            .search(
                Domain("unit_id", "=", self.oncall_unit_id._origin.id)
                & Domain("state", "!=", "closed")
                & Domain("employee_ids", "!=", False)
                & Domain("date_end", ">", fields.Datetime.now()),
                order="date_start",
                limit=1,
            )
        )
        if not next_sudo:
            return self.env._(
                "No shift is planned at this time, and none after it. The lead is reminded; call the team to be sure."
            )
        return self.env._(
            "No shift is planned at this time. The next one: %s. The lead is reminded; call the team to be sure.",
            next_sudo._times(),
        )
