from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common import CareCase

SERVER_LOGS = ("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestCareAccessChange(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sysadmin = cls._user("sysadmin", "base.group_system")
        cls.newcomer = cls._user("newcomer", "base.group_user")
        cls.staff_group = cls.env.ref("social_care.group_care_staff")
        cls.manager_group = cls.env.ref("social_care.group_care_manager")

    def setUp(self):
        super().setUp()
        self.before = self._changes()

    def _changes(self):
        return self.env["care.access.change"].search([])

    def _new(self):
        new = self._changes() - self.before
        self.before |= new
        return new

    def _admin(self, record):
        return self._as(self.sysadmin, record)

    # ------------------------------------------------------------------
    # Every side from which a role can be given
    # ------------------------------------------------------------------

    def test_a_role_is_noted_from_whichever_side_it_is_given(self):
        groups = self.env["res.groups"]
        outer = groups.create({"name": "Ytterst"})
        inner = groups.create({"name": "Innerst", "implied_ids": [Command.link(self.staff_group.id)]})
        self._new()
        user, group = self._admin(self.newcomer), self._admin(self.staff_group)
        link, unlink = Command.link, Command.unlink
        for what, give, take in [
            (
                "the user's form",
                lambda: user.write({"group_ids": [link(group.id)]}),
                lambda: user.write({"group_ids": [unlink(group.id)]}),
            ),
            (
                "a set",
                lambda: user.write({"group_ids": [Command.set((user.group_ids | group).ids)]}),
                lambda: user.write({"group_ids": [Command.set((user.group_ids - group).ids)]}),
            ),
            (
                "the group's form",
                lambda: group.write({"user_ids": [link(user.id)]}),
                lambda: group.write({"user_ids": [unlink(user.id)]}),
            ),
            (
                "the group's form, implied ones too",
                lambda: group.write({"all_user_ids": [link(user.id)]}),
                lambda: group.write({"all_user_ids": [unlink(user.id)]}),
            ),
            (
                "another group that implies it",
                lambda: user.write({"group_ids": [link(inner.id)]}),
                lambda: self._admin(inner).write({"user_ids": [unlink(user.id)]}),
            ),
            (
                "a group that comes to imply it",
                lambda: (
                    user.write({"group_ids": [link(outer.id)]}),
                    self._admin(outer).write({"implied_ids": [link(inner.id)]}),
                ),
                lambda: self._admin(inner).write({"implied_by_ids": [unlink(outer.id)]}),
            ),
            (
                "under sudo",
                lambda: user.sudo().write({"group_ids": [link(group.id)]}),
                lambda: user.sudo().write({"group_ids": [unlink(group.id)]}),
            ),
        ]:
            with self.subTest(what=what):
                give()
                given = self._new()
                self.assertEqual(len(given), 1)
                self.assertEqual(
                    (given.kind, given.subject_user_id, given.user_id),
                    ("group", self.newcomer, self.sysadmin),
                )
                self.assertIn(self.staff_group.full_name, given.after)
                self.assertFalse(given.before)
                take()
                taken = self._new()
                self.assertEqual(len(taken), 1)
                self.assertIn(self.staff_group.full_name, taken.before)
                self.assertFalse(taken.after)

    def test_a_new_user_with_a_role_and_a_new_group_with_users(self):
        values = {"name": "Ny", "login": "ny", "group_ids": [Command.set(self.manager_group.ids)]}
        new = self._admin(self.env["res.users"]).create(values)
        noted = self._new()
        self.assertEqual(noted.subject_user_id, new)
        for group in (self.staff_group, self.manager_group):
            self.assertIn(group.full_name, noted.after)
        self._admin(self.env["res.users"]).create({"name": "Annan", "login": "annan"})
        self.assertFalse(self._new(), "who gets no role is nobody's concern")
        group = self._admin(self.env["res.groups"]).create(
            {
                "name": "Bakvägen",
                "implied_ids": [Command.link(self.staff_group.id)],
                "user_ids": [Command.link(self.newcomer.id)],
            }
        )
        self.assertEqual(self._new().subject_user_id, self.newcomer)
        group.unlink()
        self.assertEqual(self._new().subject_user_id, self.newcomer)

    def test_the_context_switches_nothing_off(self):
        context = {"care_access_watching": True, "install_mode": True, "tracking_disable": True}
        self._admin(self.newcomer).with_context(**context).write(
            {"group_ids": [Command.link(self.staff_group.id)]}
        )
        self.assertEqual(len(self._new()), 1)

    def test_other_writes_are_not_compared(self):
        with self.assertQueryCount(__system__=10):
            self.newcomer.write({"signature": "x"})
        self._admin(self.newcomer).write(
            {"group_ids": [Command.link(self.env.ref("base.group_allow_export").id)]}
        )
        self.assertFalse(self._new())

    # ------------------------------------------------------------------
    # Rules and access lines
    # ------------------------------------------------------------------

    def test_rules_and_access_lines(self):
        rule = self._admin(self.env.ref("social_care.care_client_rule_wall"))
        line = self._admin(self.env.ref("social_care.care_client_staff"))
        oncall = self._admin(self.env.ref("social_care.group_oncall_staff"))
        widest = self.env.ref("social_care.care_client_rule_care_manager_unit")
        values = {"name": "Allt", "model_id": self.env["ir.model"]._get_id("care.client")}
        for what, kind, change in [
            ("a domain", "rule", lambda: rule.write({"domain_force": "[(1, '=', 1)]"})),
            ("archived", "rule", lambda: rule.write({"active": False})),
            ("a right", "rule", lambda: self._admin(widest).write({"perm_unlink": False})),
            ("its groups", "rule", lambda: self._admin(widest).write({"groups": [Command.link(oncall.id)]})),
            ("from the group", "rule", lambda: oncall.write({"rule_groups": [Command.unlink(widest.id)]})),
            ("a new one", "rule", lambda: self._admin(self.env["ir.rule"]).create(values)),
            (
                "deleted",
                "rule",
                lambda: self._admin(self.env["ir.rule"]).search([("name", "=", "Allt")]).unlink(),
            ),
            ("a right", "acl", lambda: line.write({"perm_unlink": True})),
            ("another group", "acl", lambda: line.write({"group_id": oncall.id})),
            (
                "from the group",
                "acl",
                lambda: oncall.write({"model_access": [Command.update(line.id, {"perm_read": False})]}),
            ),
            ("archived", "acl", lambda: line.write({"active": False})),
            (
                "a new one",
                "acl",
                lambda: self._admin(self.env["ir.model.access"]).create({**values, "group_id": oncall.id}),
            ),
            (
                "deleted",
                "acl",
                lambda: self._admin(self.env["ir.model.access"]).search([("name", "=", "Allt")]).unlink(),
            ),
        ]:
            with self.subTest(what=f"{kind}: {what}"):
                change()
                noted = self._new()
                self.assertEqual(noted.mapped("kind"), [kind])
                self.assertEqual(noted.user_id, self.sysadmin)
                self.assertNotEqual(noted.before, noted.after)
                self.assertIn("care.client", noted.name)
        self._admin(self.env["ir.rule"]).create(
            {**values, "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        self.assertFalse(self._new(), "other models are others' concern")

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _told(self):
        type_ = self.env.ref("social_care.activity_type_access_change")
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", type_.id), ("user_id", "=", self.privacy_officer.id)]
        )

    def test_officers_are_told_once_until_they_have_looked(self):
        self._as(self.privacy_officer, self.env["care.access.change"]).search([]).action_see()
        self.assertFalse(self._told())
        for group in (self.staff_group, self.manager_group):
            self._admin(self.newcomer).write({"group_ids": [Command.link(group.id)]})
        first, second = self._new().sorted("id")
        self.assertEqual(self._told().res_id, first.id, "one activity, at the oldest")
        self.assertNotIn("newcomer", f"{self._told().summary}{self._told().note}")
        self._as(self.privacy_officer, first).action_see()
        self.assertEqual(self._told().res_id, second.id)
        self._as(self.privacy_officer, second).action_see()
        self.assertFalse(self._told())
        self.assertEqual((second.seen_by_id, bool(second.seen_at)), (self.privacy_officer, True))

    def test_whoever_is_no_officer_any_more_is_told_too(self):
        group = self.env.ref("social_care.group_privacy_officer")
        self._admin(self.privacy_officer).write({"group_ids": [Command.unlink(group.id)]})
        activity = self.env["mail.activity"].search(
            [("user_id", "=", self.privacy_officer.id), ("automated", "=", True), ("res_model", "=", False)]
        )
        self.assertEqual(len(activity), 1, "on no record: the change is not theirs to open any more")

    def test_nobody_looks_away_at_what_concerns_oneself(self):
        other = self._user("other_officer", "social_care.group_privacy_officer")
        self._admin(self.privacy_officer).write({"group_ids": [Command.link(self.staff_group.id)]})
        change = self._new()[0]
        with self.assertRaises(UserError):
            self._as(self.privacy_officer, change).action_see()
        self._as(other, change).action_see()
        self.assertEqual(change.seen_by_id, other)

    @mute_logger(*SERVER_LOGS)
    def test_nobody_writes_or_deletes_it(self):
        self._admin(self.newcomer).write({"group_ids": [Command.link(self.staff_group.id)]})
        change = self._new()
        for user in (self.sysadmin, self.care_admin, self.north_manager, self.oncall_lead):
            with self.assertRaises(AccessError):
                self._as(user, change).read()
            with self.assertRaises(AccessError):
                self._once_open(user, change).action_see()
        for user in (self.sysadmin, self.privacy_officer):
            for attack in (
                lambda u=user: self._as(u, change).write({"after": "x"}),
                lambda u=user: self._as(u, change).unlink(),
                lambda u=user: self._as(u, change).copy(),
                lambda u=user: self._as(u, self.env["care.access.change"]).create(
                    {"name": "x", "kind": "group"}
                ),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attack()
        with self.assertRaises(UserError):
            change.unlink()
        self._as(self.privacy_officer, change).action_see()
        self.env.flush_all()
        for statement in (
            "UPDATE care_access_change SET after = 'x' WHERE id = %s",
            "UPDATE care_access_change SET user_id = 1 WHERE id = %s",
            "UPDATE care_access_change SET seen_at = NULL WHERE id = %s",
            "DELETE FROM care_access_change WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(SQL(statement, change.id))

    def test_another_company_is_not_told(self):
        company = self.env["res.company"].create({"name": "Annan AB"})
        vals = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        officer = self._user("far_officer", "social_care.group_privacy_officer", **vals)
        self._new()
        self._admin(self.newcomer).write({"group_ids": [Command.link(self.staff_group.id)]})
        change = self._new()
        self.assertNotIn(change, self._as(officer, self.env["care.access.change"]).search([]))
        self.assertIn(change, self._as(self.privacy_officer, self.env["care.access.change"]).search([]))
