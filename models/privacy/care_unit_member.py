from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

CONFIRMATION = ("confirmed_user_id", "confirmed_by_id", "confirmed_at", "suspended_by_id")
BATCH = 200


class CareUnitMember(models.Model):
    """A membership opens something when two persons stand behind it.

    Whoever administers makes it or widens it; a manager of the unit confirms it, or a privacy officer
    where the unit has no other manager. Until a company has its first client or case there is nothing to
    open, and memberships are confirmed as they are made: so that somebody can begin.
    """

    _name = "care.unit.member"
    _inherit = ["care.unit.member", "care.activity.mixin"]

    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True, copy=False)
    confirmed_at = fields.Datetime("Confirmed", readonly=True, copy=False)
    suspended_by_id = fields.Many2one(
        "res.users", "Changed by", readonly=True, copy=False, help="Who made the change that waits."
    )
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    _suspended_idx = models.Index("(unit_id) WHERE confirmed_user_id IS DISTINCT FROM user_id")

    @api.depends("user_id", "confirmed_user_id", "suspended_by_id")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        managed, officer = self._managed_units(), self._is_officer()
        concerned = self._concerned(self.env.user)
        for member in self:
            member.can_confirm = (
                member.suspended
                and self.env.user not in concerned[member]
                and (member.unit_id in managed or officer)
            )

    @api.model_create_multi
    def create(self, vals_list):
        # named, so that no default of the caller's context fills them in
        vals_list = [{**vals, **dict.fromkeys(CONFIRMATION, False)} for vals in vals_list]
        with self._deciding(*CONFIRMATION):
            members = super().create(vals_list)
        members._confirm_or_wait()
        self.env["care.client.lockout"]._match(employees=members.employee_id)
        return members

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in CONFIRMATION}
        wider = self._widened_by(vals)
        result = super().write(vals)
        wider._confirm_or_wait()
        return result

    @api.ondelete(at_uninstall=False)
    def _note_unlinked(self):
        """Who could open what, and when, is asked afterwards too: a membership that goes leaves a row."""
        # sudo: whoever deletes it need not read employees, whose names stand in the row that is left
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "membership",
                    "name": member.unit_id.name,
                    "subject_user_id": member.user_id.id,
                    "company_id": member.company_id.id,
                    "before": f"{member.display_name} {member.date_from} - {member.date_to or ''}",
                }
                for member in self.sudo().filtered("confirmed_at")._in_use()
            ]
        )

    def _widened_by(self, vals):
        """Those that open more, or to somebody else, when the values are written."""
        if {"employee_id", "unit_id"} & vals.keys():
            return self
        start, end = fields.Date.to_date(vals.get("date_from")), fields.Date.to_date(vals.get("date_to"))
        return self.filtered(
            lambda member: (
                (vals.get("role") == "manager" and member.role != "manager")
                or (start and start < member.date_from)
                or ("date_to" in vals and member.date_to and (not end or end > member.date_to))
            )
        )

    def _confirm_or_wait(self):
        """Odoo itself, in files and jobs, is trusted; a person's deed waits for another person."""
        system = self.env["care.access.watch"]._is_system()
        waiting = self.browse() if system else self._in_use()
        (self - waiting)._set_confirmed()
        waiting._suspend_by_hand()

    def _in_use(self):
        """Those of companies that have something to open."""
        if not self:
            return self
        rows = self.env.execute_query(
            SQL(
                "SELECT c.id FROM res_company c WHERE c.id IN %s AND"
                " (EXISTS (SELECT 1 FROM care_client k WHERE k.company_id = c.id)"
                " OR EXISTS (SELECT 1 FROM care_relative_case r WHERE r.company_id = c.id))",
                tuple(self.company_id.ids),
            )
        )
        companies = {id_ for (id_,) in rows}
        return self.filtered(lambda member: member.company_id.id in companies)

    @api.model
    def _suspend_memberships(self, users):
        """The users have been given a role: their memberships wait until a manager confirms them."""
        if users and not self.env["care.access.watch"]._is_system():
            # sudo: whoever gives a role in Odoo need not read memberships
            members_sudo = self.sudo().search([("user_id", "in", users.ids)])
            members_sudo._in_use()._suspend_by_hand()

    def _suspend_by_hand(self):
        """Close what the memberships open, and tell those who can confirm them."""
        if self:
            # sudo: nobody writes these fields but through here
            members_sudo = self.sudo()
            members_sudo.write({"confirmed_user_id": False, "suspended_by_id": self.env.uid})
            members_sudo._keep_confirmers_told()

    def _set_confirmed(self):
        """One statement for all: each membership is confirmed for the user it has."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE care_unit_member SET confirmed_user_id = user_id, confirmed_by_id = %s, confirmed_at = %s"
                " WHERE id IN %s",
                self.env.uid,
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["confirmed_user_id", "confirmed_by_id", "confirmed_at", "suspended"])

    # ------------------------------------------------------------------
    # The verb
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Let the membership open what it is for: another person than its own and than who changed it."""
        self.check_access("read")
        waiting = self.filtered("suspended")
        managed, officer = waiting._managed_units(), self._is_officer()
        concerned = waiting._concerned(self.env.user)
        for member in waiting:
            if self.env["care.access.watch"]._is_system():
                continue
            if self.env.user in concerned[member]:
                raise AccessError(
                    self.env._(
                        "Two persons stand behind a membership. Ask another manager of the unit, or the privacy"
                        " officer, to confirm this one."
                    )
                )
            if member.unit_id not in managed and not officer:
                raise AccessError(
                    self.env._("A manager of the unit confirms its memberships, or a privacy officer.")
                )
        waiting._set_confirmed()
        waiting._keep_confirmers_told()
        # sudo: managers and officers need not read employees; the member's name goes into the note
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "membership",
                    "name": member.unit_id.name,
                    "subject_user_id": member.user_id.id,
                    "company_id": member.company_id.id,
                    "after": member.sudo().display_name,
                }
                for member in waiting
            ],
            alarm=False,
        )

    def _concerned(self, users):
        """Whose own each membership is, by whichever login, and who made the change that waits.

        :param users: among whom other logins of the same persons are looked for
        :return: ``{membership: users}``
        """
        # sudo: managers need not read employees, whose users are compared here with the given ones
        members_sudo, nobody = self.sudo(), self.env["res.users"]
        own = {
            member: member.user_id | member.suspended_by_id | member.employee_id.user_id
            for member in members_sudo
        }
        same = users.union(*own.values())._care_same_person()
        return {member: nobody.union(*(same[user] for user in own[member])) for member in members_sudo}

    def _managed_units(self):
        """The units of these memberships that the current user manages now."""
        if not self.env.user.has_group("social_care.group_care_manager"):
            return self.env["care.unit"]
        return self.unit_id._mine_now("manager")

    @api.model
    def _is_officer(self):
        return self.env.user.has_group("social_care.group_privacy_officer")

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Whoever can confirm a membership that waits is told, new managers too."""
        self.env["ir.cron"]._care_batches(
            self._waiting(), lambda members: members._keep_confirmers_told(), BATCH
        )

    @api.model
    def _waiting(self):
        self.flush_model(["user_id", "confirmed_user_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM care_unit_member WHERE confirmed_user_id IS DISTINCT FROM user_id ORDER BY id"
            )
        )
        # sudo: the memberships of every unit, for the job alone
        return self.sudo().browse(id_ for (id_,) in rows)

    def _keep_confirmers_told(self):
        # sudo: who is told is decided by the system, whoever has changed the membership
        confirmers = self.sudo()._confirmers()
        self._sync_activities("social_care.activity_type_member_confirm", confirmers, days=2)

    def _confirmers(self):
        """Whom to tell: ``{membership: users}``. Nobody when it waits for nothing, or has ended."""
        managers = self.unit_id._managers_now()
        officers = {company: company._care_privacy_officers() for company in self.company_id}
        today, nobody = self._today(), self.env["res.users"]
        concerned = self._concerned(nobody.union(*managers.values(), *officers.values()))
        told = {}
        for member in self:
            waits = member.suspended and member.user_id and (not member.date_to or member.date_to >= today)
            others = managers[member.unit_id] - concerned[member] or (
                officers[member.company_id] - concerned[member]
            )
            told[member] = others if waits else nobody
        return told
