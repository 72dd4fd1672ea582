"""Odoo's tools that choose a model, in this database and in those with more apps, choose none of care."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase

LEAVE_OUT = "leave the records of care out"


@tagged("post_install", "-at_install")
class TestOdooTools(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sysadmin = cls._user("tool_admin", "base.group_system")
        cls.model = cls.env["ir.model"]._get("care.client")
        cls.field = cls.env["ir.model.fields"]._get("care.client", "lastname")
        cls.partner = cls.env["ir.model"]._get("res.partner")

    def _admin(self, model_name):
        return self._as(self.sysadmin, self.env[model_name])

    def _is_refused(self, do):
        with self.assertRaisesRegex(UserError, LEAVE_OUT), self.cr.savepoint():
            do()

    def test_every_relation_to_a_model_refuses_a_model_of_care(self):
        """Whatever app brought it: a walk through the registry, without a list of tools."""
        chosen = {
            "ir.model": self.model,
            "ir.model.fields": self.field,
            "ir.filters": (filters := self._admin("ir.filters"))
            .create({"name": "x", "model_id": "care.client", "user_ids": filters.env.user.ids})
            .with_env(self.env),
        }
        found = set()
        for name in self.env.registry:
            tool = self.env[name].sudo()
            for field in tool._care_choosing():
                # a computed one follows the others as soon as it is read
                if tool._fields[field].comodel_name not in chosen or tool._fields[field].compute:
                    continue
                value = chosen[tool._fields[field].comodel_name]
                found.add(name)
                with self.subTest(model=name, field=field):
                    row = tool.new(
                        {field: value.ids if tool._fields[field].type == "many2many" else value.id}
                    )
                    self._is_refused(lambda row=row, field=field: row._validate_fields([field]))
        self.assertLessEqual(
            {
                "ir.actions.server",
                "ir.model.fields",
                "mail.alias",
                "mail.template",
                "privacy.lookup.wizard.line",
            },
            found,
        )
        self.assertFalse({"mail.activity", "mail.message", "ir.attachment", "ir.filters"} & found)

    def test_a_server_action_by_its_model_its_fields_its_path_and_its_code(self):
        actions = self._admin("ir.actions.server")
        common = {"name": "x", "model_id": self.partner.id}
        for vals in [
            {"model_id": self.model.id, "state": "code", "code": "log('x')"},
            {"state": "webhook", "webhook_field_ids": [Command.set(self.field.ids)]},
            {"state": "object_create", "crud_model_id": self.model.id},
            {"state": "code", "code": "raise UserError(env['care.client'].sudo().search([])[0].name)"},
            {"state": "code", "code": "env.cr.execute('SELECT lastname FROM care_client')"},
            {"state": "object_write", "update_path": "name", "resource_ref": f"care.client,{self.astrid.id}"},
        ]:
            with self.subTest(vals=vals):
                if "resource_ref" in vals:  # the administrator cannot even name one
                    with self.assertRaises(AccessError):
                        actions.create({**common, **vals})
                else:
                    self._is_refused(lambda vals=vals: actions.create({**common, **vals}))
                self._is_refused(lambda vals=vals: actions.sudo().create({**common, **vals}))
        action = actions.create({**common, "state": "code", "code": "env['res.partner'].search([])"})
        self._is_refused(lambda: action.write({"code": "env['care.journal.entry']"}))
        self._is_refused(lambda: action.write({"model_id": self.model.id}))

    def test_the_apps_own_jobs_keep_their_code(self):
        job = self._as(self.sysadmin, self.env["ir.cron"].search([("model_id", "=", "care.unit.member")])[:1])
        self._is_refused(lambda: job.write({"code": "model.search([]).unlink()"}))
        job.write({"interval_number": 2})
        self.assertEqual(job.interval_number, 2, "when it runs is the administrator's")

    def test_fields_of_an_administrators_own(self):
        fields = self._admin("ir.model.fields")
        common = {"name": "x_own", "field_description": "Own", "state": "manual"}
        for vals in [
            {"model_id": self.model.id, "ttype": "char"},
            {"model_id": self.partner.id, "ttype": "many2one", "relation": "care.client"},
            {
                "model_id": self.partner.id,
                "ttype": "char",
                "store": False,
                "depends": "name",
                "compute": "self[0]['x_own'] = self.env['care.client'].sudo().search([])[0].name",
            },
        ]:
            with self.subTest(vals=vals):
                self._is_refused(lambda vals=vals: fields.create({**common, **vals}))

    def test_the_context_opens_nothing(self):
        context = {"install_mode": True, "install_module": "social_care", "module": "social_care"}
        templates = self._admin("mail.template").with_context(**context)
        self._is_refused(lambda: templates.create({"name": "x", "model_id": self.model.id}))
        self._is_refused(
            lambda: templates.create(
                {"name": "x", "model_id": self.partner.id, "body_html": "<t t-out=\"env['care.client']\"/>"}
            )
        )

    def test_other_models_and_what_users_do_in_forms_stay_free(self):
        self._admin("mail.template").create({"name": "Take care.", "model_id": self.partner.id})
        staff = self._as(self.north_staff, self.env["ir.filters"])
        self.assertTrue(
            staff.create({"name": "x", "model_id": "care.client", "user_ids": [self.north_staff.id]})
        )
        self.stay_astrid.activity_schedule("mail.mail_activity_data_todo", user_id=self.north_staff.id)
        self.assertTrue(self.stay_astrid.activity_ids)

    def test_the_privacy_lookup_finds_no_client(self):
        """Neither a hit nor a refusal: either would tell the administrator that somebody is a client."""
        self.astrid.email = "astrid.ek@example.com"
        partner = self.env["res.partner"].create({"name": "Astrid Ek", "email": "astrid.ek@example.com"})
        self.env.flush_all()
        wizard = self._admin("privacy.lookup.wizard").create({"name": "Ek", "email": "astrid.ek@example.com"})
        wizard.action_lookup()
        found = {(line.res_model, line.res_id) for line in wizard.line_ids}
        self.assertIn(("res.partner", partner.id), found)
        self.assertFalse([model for model, _id in found if model.startswith("care.")])
