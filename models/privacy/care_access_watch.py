from contextlib import contextmanager
from contextvars import ContextVar

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ...tools.roles import CARE_GROUPS, CONTENT_GROUPS

# Set while a change is being compared with what was before: what it causes is part of it. Not in the
# context, which a caller over RPC chooses.
WATCHING = ContextVar("care_access_watching", default=False)


class CareAccessWatch(models.AbstractModel):
    """Compares who may do what before and after a write, from whichever side it comes.

    A group can be given by the user's form, the group's form, another group that implies it; a rule can
    be changed on the rule or on the group. So nothing is read from the values: the tables are.
    """

    _name = "care.access.watch"
    _description = "Watch over Changes of Access"

    @api.model
    @contextmanager
    def _watched(self, *kinds, users=None, employees=None):
        """Note what changes inside the block.

        :param kinds: ``group``, ``rule``, ``acl``, ``employee_user``
        :param users: only these users' groups can change
        :param employees: only these employees' users can change
        """
        # while modules are installed or upgraded their files decide, and reviewers have read those
        if WATCHING.get() or not self.env.registry.ready:
            yield
            return
        token = WATCHING.set(True)
        try:
            before = self._access_now(kinds, users, employees)
            yield
            after = self._access_now(kinds, users, employees)
        finally:
            WATCHING.reset(token)
        for kind in kinds:
            if before[kind] != after[kind]:
                getattr(self, f"_note_{kind}")(before[kind], after[kind])

    def _access_now(self, kinds, users, employees):
        narrow = {"group": users, "employee_user": employees}
        self.env.flush_all()
        return {kind: getattr(self, f"_now_{kind}")(narrow.get(kind)) for kind in kinds}

    # ------------------------------------------------------------------
    # Roles
    # ------------------------------------------------------------------

    @api.model
    def _care_groups(self, names=CARE_GROUPS):
        return self.env["res.groups"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(f"social_care.{name}") for name in names
        )

    def _now_group(self, users):
        """``{user_id: frozenset of care groups}`` of those who can log in, implied ones too."""
        if users is not None and not users:
            return {}
        only = SQL("AND u.uid IN %s", tuple(users.ids)) if users else SQL()
        rows = self.env.execute_query(
            SQL(
                "WITH RECURSIVE above(hid, gid) AS (SELECT g.id, g.id FROM res_groups g WHERE g.id IN %s"
                " UNION SELECT a.hid, r.gid FROM above a JOIN res_groups_implied_rel r ON r.hid = a.gid)"
                " SELECT u.uid, array_agg(DISTINCT a.hid) FROM res_groups_users_rel u"
                " JOIN above a ON a.gid = u.gid"
                " JOIN res_users x ON x.id = u.uid AND x.active WHERE TRUE %s GROUP BY u.uid",
                tuple(self._care_groups().ids),
                only,
            )
        )
        return {uid: frozenset(groups) for uid, groups in rows}

    @api.model
    def _note_new_users(self, users):
        if not WATCHING.get() and self.env.registry.ready and (after := self._now_group(users)):
            self._note_group({}, after)

    def _note_group(self, before, after):
        nothing = frozenset()
        ids = [uid for uid in before.keys() | after.keys() if before.get(uid) != after.get(uid)]
        # sudo: whoever loses all roles may be hidden from the one who took them; the system notes the name
        users_sudo = self.env["res.users"].sudo().browse(sorted(ids))
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "group",
                    "name": user.care_name,
                    "subject_user_id": user.id,
                    "company_id": user.company_id.id,
                    "before": self._group_names(before.get(user.id, nothing)),
                    "after": self._group_names(after.get(user.id, nothing)),
                }
                for user in users_sudo
            ],
            were_officers=users_sudo.filtered(
                lambda user: (
                    self._is_officer(before.get(user.id)) and not self._is_officer(after.get(user.id))
                )
            ),
        )
        content = frozenset(self._care_groups(CONTENT_GROUPS).ids)
        gained = users_sudo.filtered(
            lambda user: (after.get(user.id, nothing) - before.get(user.id, nothing)) & content
        )
        self.env["care.unit.member"]._suspend_memberships(gained)

    def _is_officer(self, groups):
        return bool(groups) and self._care_groups(("group_privacy_officer",)).id in groups

    def _group_names(self, ids):
        # sudo: what the roles are called, told to the officers alone, whoever has given them
        groups_sudo = self.env["res.groups"].sudo().browse(sorted(ids))
        return ", ".join(groups_sudo.mapped("full_name")) or False

    # ------------------------------------------------------------------
    # How a user signs in
    # ------------------------------------------------------------------

    @api.model
    def _note_sign_in(self, users):
        """Somebody else has set how these users sign in, or nobody knows who: by a link in an e-mail.

        Until somebody who knows them confirms that it is they who sign in, their memberships open nothing.
        """
        if not users or not self.env.registry.ready:
            return
        # sudo: a visitor with a link from an e-mail may have set it; the system notes whose sign-in it is
        users_sudo = self.env["res.users"].sudo().browse(sorted(self._now_group(users)))
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "sign_in",
                    "name": user.name,
                    "subject_user_id": user.id,
                    "company_id": user.company_id.id,
                }
                for user in users_sudo
            ]
        )
        self.env["care.unit.member"]._suspend_memberships(users_sudo)

    # ------------------------------------------------------------------
    # Rules and access lines
    # ------------------------------------------------------------------

    def _now_rule(self, _none):
        return self._texts(
            SQL(
                "SELECT r.id, m.model || ' / ' || COALESCE(r.name, ''), concat_ws(' ',"
                " CASE WHEN r.active THEN '' ELSE '(archived)' END, r.domain_force,"
                " '[' || CASE WHEN r.perm_read THEN 'R' ELSE '-' END || CASE WHEN r.perm_write THEN 'W' ELSE '-' END"
                " || CASE WHEN r.perm_create THEN 'C' ELSE '-' END || CASE WHEN r.perm_unlink THEN 'D' ELSE '-' END"
                " || ']', (SELECT string_agg(x.name->>'en_US', ', ' ORDER BY x.id) FROM rule_group_rel g"
                " JOIN res_groups x ON x.id = g.group_id WHERE g.rule_group_id = r.id))"
                " FROM ir_rule r JOIN ir_model m ON m.id = r.model_id WHERE m.model LIKE 'care.%%'"
            )
        )

    def _now_acl(self, _none):
        return self._texts(
            SQL(
                "SELECT a.id, m.model || ' / ' || a.name, concat_ws(' ',"
                " CASE WHEN a.active THEN '' ELSE '(archived)' END,"
                " '[' || CASE WHEN a.perm_read THEN 'R' ELSE '-' END || CASE WHEN a.perm_write THEN 'W' ELSE '-' END"
                " || CASE WHEN a.perm_create THEN 'C' ELSE '-' END || CASE WHEN a.perm_unlink THEN 'D' ELSE '-' END"
                " || ']', (SELECT x.name->>'en_US' FROM res_groups x WHERE x.id = a.group_id))"
                " FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id WHERE m.model LIKE 'care.%%'"
            )
        )

    def _texts(self, query):
        """``{id: (name, text)}``."""
        return {id_: (name, text.strip()) for id_, name, text in self.env.execute_query(query)}

    def _note_rule(self, before, after):
        self._note_texts("rule", before, after)

    def _note_acl(self, before, after):
        self._note_texts("acl", before, after)

    def _note_texts(self, kind, before, after):
        nothing = (False, False)
        changed = sorted(id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_))
        self.env["care.access.change"]._note(
            [
                {
                    "kind": kind,
                    "name": after.get(id_, nothing)[0] or before[id_][0],
                    "before": before.get(id_, nothing)[1],
                    "after": after.get(id_, nothing)[1],
                }
                for id_ in changed
            ]
        )

    # ------------------------------------------------------------------
    # Who an employee is in the system
    # ------------------------------------------------------------------

    def _now_employee_user(self, employees):
        """``{employee_id: user_id}`` of those who have, or had, a membership."""
        if not employees:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT e.id, e.user_id FROM hr_employee e WHERE e.id IN %s"
                    " AND EXISTS (SELECT 1 FROM care_unit_member m WHERE m.employee_id = e.id)",
                    tuple(employees.ids),
                )
            )
        )

    def _note_employee_user(self, before, after):
        # sudo: the login before may be hidden from the writer, as no internal user's any more
        users_sudo = self.env["res.users"].sudo()
        ids = [id_ for id_ in after if before.get(id_) != after[id_]]
        # sudo: whoever changes a user need not read employees; the system notes whose it was
        employees_sudo = self.env["hr.employee"].sudo().browse(sorted(ids))
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "employee_user",
                    "name": employee.name,
                    "subject_user_id": after[employee.id],
                    "former_user_id": before.get(employee.id),
                    "company_id": employee.company_id.id,
                    "before": users_sudo.browse(before.get(employee.id)).login,
                    "after": users_sudo.browse(after[employee.id]).login,
                }
                for employee in employees_sudo
            ]
        )
        for id_ in ids:
            former, user = users_sudo.browse(before.get(id_)), users_sudo.browse(after[id_])
            self.env["care.client.lockout"]._follow(former, user)
        # they are suspended already: the confirmed user is another
        # sudo: whoever keeps employees' data reads no memberships
        members_sudo = self.env["care.unit.member"].sudo().search([("employee_id", "in", ids)])
        members_sudo._suspend_by_hand()

    @api.model
    def _is_system(self):
        """Odoo itself, in jobs and installations. A person's sudo keeps that person's id."""
        return self.env.uid == SUPERUSER_ID
