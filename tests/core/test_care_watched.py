"""What an administrator can do alone leaves a row that nobody changes, and the privacy officers are told."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareWatched(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sysadmin = cls._user("watched_admin", "base.group_system,social_care.group_care_admin")
        cls.partner = cls.env["ir.model"]._get("res.partner")

    def setUp(self):
        super().setUp()
        self.before = self._changes()

    def _changes(self):
        return self.env["care.access.change"].search([])

    def _new(self):
        self.env.flush_all()
        new = self._changes() - self.before
        self.before |= new
        return new

    def _admin(self, record):
        return self._as(self.sysadmin, record)

    def _noted(self, kind, after, before=False):
        """One row says it: of which kind, what came and what went."""
        noted = self._new()
        self.assertEqual((len(noted), noted.kind, noted.user_id), (1, kind, self.sysadmin))
        self.assertIn(after or "", noted.after or "")
        self.assertIn(before or "", noted.before or "")
        self.assertTrue(noted.is_alarm)
        return noted

    def _told(self):
        type_ = self.env.ref("social_care.activity_type_access_change")
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", type_.id), ("user_id", "=", self.privacy_officer.id)]
        )

    # ------------------------------------------------------------------
    # How a colleague signs in
    # ------------------------------------------------------------------

    def _opens(self):
        return self._as(self.north_staff, self.env["care.client"]).search([]) == self.astrid

    def test_whoever_sets_a_colleagues_password_opens_nothing_by_it(self):
        self.assertTrue(self._opens())
        member = self.env["care.unit.member"].search([("user_id", "=", self.north_staff.id)])
        wizard = self._admin(self.env["change.password.wizard"]).create(
            {
                "user_ids": [
                    Command.create(
                        {
                            "user_id": self.north_staff.id,
                            "user_login": self.north_staff.login,
                            "new_passwd": "Bakvägen-9182736",
                        }
                    )
                ]
            }
        )
        wizard.change_password_button()
        self.assertEqual(self._noted("sign_in", "").subject_user_id, self.north_staff)
        self.assertTrue(self._told())
        self.assertFalse(self._opens(), "until somebody who knows her confirms")
        self._as(self.north_manager, member).action_confirm()
        self.assertTrue(self._opens())

    def test_a_password_set_by_nobody_known_waits_too(self):
        """The link in an e-mail: an administrator reads the outgoing e-mail as well."""
        self._as(self.env.ref("base.public_user"), self.north_staff).sudo().write(
            {"password": "Länken-918273645"}
        )
        self.assertEqual(self._new().kind, "sign_in")
        self.assertFalse(self._opens())

    def test_ones_own_password_is_ones_own(self):
        self._as(self.north_staff, self.env["res.users"]).change_password("north_staff", "Mitt-eget-918273")
        self.assertFalse(self._new())
        self.assertTrue(self._opens())

    def test_a_password_for_somebody_without_a_role_is_nobodys_concern(self):
        user = self._user("no_role", "base.group_user")
        self._new()
        self._admin(user).write({"password": "Utan-roll-918273"})
        self.assertFalse(self._new())

    def test_other_ways_to_sign_in_as_a_colleague(self):
        """Second factors and accounts elsewhere, in whichever of Odoo's apps: the values are not looked at."""
        self.env["care.access.watch"].with_user(self.sysadmin)._note_sign_in(self.north_manager)
        self.assertEqual(self._noted("sign_in", "").subject_user_id, self.north_manager)
        if "totp_secret" in self.env["res.users"]._fields:
            self._admin(self.south_staff).sudo().write({"totp_secret": False})
            self.assertEqual(self._noted("sign_in", "").subject_user_id, self.south_staff)

    # ------------------------------------------------------------------
    # Code, jobs, prints
    # ------------------------------------------------------------------

    def test_code_that_runs_as_superuser(self):
        actions = self._admin(self.env["ir.actions.server"])
        action = actions.create(
            {"name": "Hej", "model_id": self.partner.id, "state": "code", "code": "log('1')\nlog('2')"}
        )
        self._noted("code", "log('2')")
        action.write({"code": "log('1')\nlog('3')"})
        noted = self._noted("code", "log('3')", "log('2')")
        self.assertNotIn("log('1')", noted.after, "the lines that changed, not all of it")
        action.write({"sequence": 3})
        self.assertFalse(self._new())
        action.unlink()
        self._noted("code", "", "log('3')")
        actions.create({"name": "Hej", "model_id": self.partner.id, "state": "multi"})
        self.assertFalse(self._new(), "what runs no code of anybody's")

    def test_a_computed_field_of_the_administrators_own(self):
        self._admin(self.env["ir.model.fields"]).create(
            {
                "name": "x_own",
                "field_description": "Own",
                "state": "manual",
                "model_id": self.partner.id,
                "ttype": "char",
                "store": False,
                "depends": "name",
                "compute": "self[0]['x_own'] = 'x'",
            }
        )
        self._noted("code", "self[0]['x_own'] = 'x'")

    def test_the_apps_own_jobs(self):
        job = self.env["ir.cron"].search([("model_id", "=", "care.unit.member")])[:1]
        self._admin(job).write({"active": False})
        self._noted("job", "False", "True")
        self._admin(job).write({"nextcall": "2099-01-01"})
        self._noted("job", "2099-01-01")
        self._admin(self.env["ir.cron"].search([("model_id", "=", "res.users")])[:1]).write({"active": False})
        self.assertFalse(self._new(), "others' jobs are others' concern")

    def test_prints_and_pages(self):
        report = self.env["ir.actions.report"].search([("model", "=", "care.plan")])[:1]
        template = self.env.ref(report.report_name)
        self._admin(template).write({"arch": template.arch.replace("<t ", "<t data-x='1' ", 1)})
        self._noted("report", "data-x")
        self._admin(report).write({"report_name": "base.other"})
        self._noted("report", "base.other", template.key)
        views = self._admin(self.env["ir.ui.view"])
        page = "<t t-name='x.own'><p t-out=\"request.env['res.users'].sudo()\"/></t>"
        views.create({"name": "x", "type": "qweb", "key": "x.own", "arch": page})
        self._noted("report", "sudo()")
        views.create({"name": "x", "type": "qweb", "key": "x.free", "arch": "<t t-name='x.free'><p/></t>"})
        self.assertFalse(self._new(), "a page that reads nothing")

    # ------------------------------------------------------------------
    # Settings by which more opens
    # ------------------------------------------------------------------

    def test_every_setting_that_opens(self):
        """Each field that says so, of units, companies and users: one row, what was and what is."""
        values = {
            "serves_unit_ids": [Command.link(self.south.id)],
            "finish_days": 90,
            "kind": "home_care",
            "regime": "quality",
            "care_tz": "Pacific/Kiritimati",
            "care_operator_type": "municipal",
        }
        rows = {"care.unit": self.oncall, "res.company": self.company, "res.users": self.privacy_officer}
        other = self.env["res.company"].create({"name": "Annan AB"})
        self.sysadmin.company_ids |= other
        values["company_ids"] = [Command.link(other.id)]
        self._new()
        tried = set()
        for name, row in rows.items():
            for field in self.env[name]._care_watched_names() - {"company_id"}:
                with self.subTest(model=name, field=field):
                    self._admin(row).write({field: values[field]})
                    noted = self._noted("lever", "").filtered(lambda change: change.before != change.after)
                    self.assertIn(self.env[name]._fields[field].string, noted.after)
                    tried.add(field)
        self.assertEqual(tried, values.keys())
        self._admin(self.oncall).write({"phone": "08-1"})
        self.assertFalse(self._new())

    def test_what_the_walls_ask_says_that_it_opens(self):
        """The fields of units and companies on which a period or a way through the wall depends."""
        asked = set()
        for name, model in self.env.registry.items():
            for period in {"opens_at", "closes_at"} & model._fields.keys() if not model._abstract else ():
                for path in self.env.registry.field_depends[model._fields[period]]:
                    field, current = None, self.env[name]
                    for part in path.split("."):
                        field = current._fields[part]
                        current = self.env[field.comodel_name] if field.comodel_name else current
                    asked.add(field)
        everything = dict.fromkeys(["emergency", "intake", "named"], ((1, 1),)) | dict.fromkeys(
            ["locked", "managed", "served", "team", "unit"], (1,)
        )
        with patch.object(type(self.env["care.wall"]), "_wall_held", lambda wall, kind: everything[kind]):
            for walled in (self.env["care.journal.entry"], self.env["care.check.visit"]):
                opened = walled._wall_opened("w", walled._wall_ways())
                asked.update(opened.to_flush, walled._wall_any(walled._wall_named("w")).to_flush)
        asked.update(self.env["care.wall"]._look_up_held().asked)
        asked = {f for f in asked if f.model_name in ("care.unit", "res.company")}
        self.assertLessEqual({"care_tz", "finish_days", "regime"}, {field.name for field in asked})
        for field in asked:
            with self.subTest(field=str(field)):
                self.assertTrue(getattr(field, "opens_access", False))

    def test_switches(self):
        parameters = self._admin(self.env["ir.config_parameter"]).sudo()
        parameters.set_param("mail.restrict.template.rendering", True)
        self._new()
        parameters.set_param("social_care.access_log_months", "13")
        self._noted("lever", "13")
        parameters.set_param("mail.restrict.template.rendering", False)
        self._noted("lever", "", "mail.restrict.template.rendering")
        parameters.set_param("web.base.url", "http://x")
        self.assertFalse(self._new())

    @mute_logger("odoo.sql_db")
    def test_nobody_takes_it_back(self):
        self._admin(self.north).write({"finish_days": 90})
        change = self._noted("lever", "90", "14")
        self.assertEqual(change.company_id, self.company)
        for statement in (
            "UPDATE care_access_change SET before = after WHERE id = %s",
            "DELETE FROM care_access_change WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(SQL(statement, change.id))
