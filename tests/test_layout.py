from ast import literal_eval

from lxml import etree

from odoo.fields import Domain
from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged

from .common import CareCase


@tagged("post_install", "-at_install")
class TestLayout(CareCase, TransactionCase):
    def test_the_module_is_called_social_care(self):
        """XML ids and translations hang on the folder's name, whatever the checkout is called."""
        module = self.env["ir.module.module"].search([("name", "=", "social_care")])
        self.assertEqual(module.state, "installed")
        self.assertTrue(Manifest.for_addon("social_care"))

    def _views(self, view_type):
        """``(model, arch)`` of each view of a model of ours, as everyone gets it."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", view_type), ("model", "=like", "care.%"), ("mode", "=", "primary")]
        )
        for view in views:
            model = self.env[view.model]
            yield model, etree.fromstring(model.get_view(view.id, view_type)["arch"])

    def test_a_phone_lets_everyone_choose_a_colleague(self):
        """There Odoo opens the employees' own views, which only those who work with staff may see.

        Its widgets for employees open the public ones instead.
        """
        found = 0
        for model, arch in self._views("form"):
            for node in arch.xpath("//field[not(ancestor::field)]"):
                field = model._fields[node.get("name")]
                if getattr(field, "comodel_name", None) != "hr.employee" or field.readonly:
                    continue
                if node.get("readonly") in ("1", "True") or node.get("invisible") in ("1", "True"):
                    continue
                found += 1
                with self.subTest(model=model._name, field=field.name):
                    self.assertIn(
                        node.get("widget"), ("many2one_avatar_employee", "many2many_avatar_employee")
                    )
        self.assertGreater(found, 7)

    def test_the_clock_leads_to_what_is_due(self):
        """Without these filters Odoo's list of reminders opens all records there are."""
        wanted = {"filter_activities_my", "activities_overdue", "activities_today", "activities_upcoming_all"}
        models = set()
        for model, arch in self._views("search"):
            if "my_activity_date_deadline" not in model._fields:
                continue
            models.add(model._name)
            names = set(arch.xpath("//filter/@name"))
            with self.subTest(model=model._name):
                self.assertLessEqual(wanted, names)
                for node in arch.xpath("//filter[starts-with(@name, 'activities_')]"):
                    model.search(literal_eval(node.get("domain")), limit=1)
        self.assertIn("care.stay", models)
        self.assertGreater(len(models), 8)

    def test_every_search_field_answers_whoever_has_the_screen(self):
        """What the web client sends when somebody types into the search: ``ilike`` for all that is written or linked."""
        people = self.north_staff | self.north_manager | self.oncall_lead | self.supporter
        people |= self.privacy_officer | self.care_admin
        found = 0
        for view in self.env["ir.ui.view"].search(
            [("type", "=", "search"), ("model", "=like", "care.%"), ("mode", "=", "primary")]
        ):
            for user in people:
                model = self._as(user, self.env[view.model])
                if not model.has_access("read"):
                    continue
                for node in etree.fromstring(model.get_view(view.id, "search")["arch"]).xpath("//field"):
                    field, typed = model._fields[node.get("name")], node.get("filter_domain")
                    if not typed and field.type not in ("char", "text", "many2one", "many2many", "one2many"):
                        continue
                    found += 1
                    domain = literal_eval(typed.replace("self", "'J0000007'")) if typed else None
                    with self.subTest(model=view.model, field=field.name, user=user.login):
                        model.search(Domain(domain or [(field.name, "ilike", "J0000007")]), limit=1)
        self.assertGreater(found, 100)
