from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase

NAMED = "[('client_id.lastname', '=', 'Ek')]"


@tagged("post_install", "-at_install")
class TestIrFilters(CareCase, TransactionCase):
    def _filter(self, user, model="care.stay", **vals):
        own = {"user_ids": [Command.set(user.ids)]}
        return self._as(user, self.env["ir.filters"]).create_filter(
            {"name": "Astrid Ek", "model_id": model, "domain": NAMED, **own, **vals}
        )

    def test_a_filter_on_any_care_record_is_ones_own(self):
        admin = self._user("system", "base.group_system")
        for model in sorted(name for name in self.env.registry if name.startswith("care.")):
            for user in (self.north_staff, admin):
                for shared in (
                    {"user_ids": []},
                    {"user_ids": [Command.set(self.south_staff.ids)]},
                    {"user_ids": [Command.set((user | self.south_staff).ids)]},
                ):
                    with (
                        self.subTest(model=model, user=user.login, shared=shared),
                        self.assertRaisesRegex(ValidationError, "yours alone|bara din"),
                        self.cr.savepoint(),
                    ):
                        self._filter(user, model, **shared)
        own = self._filter(self.north_staff)
        own.write({"name": "Astrid"})
        self.assertIn(own.id, [f["id"] for f in self._as(self.north_staff, own).get_filters("care.stay")])
        self.assertFalse(self._as(self.south_staff, own).get_filters("care.stay"))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            own.write({"user_ids": [Command.clear()]})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            own.sudo().write({"user_ids": [Command.link(self.south_staff.id)]})
        other = self._filter(self.north_staff, "res.partner", user_ids=[], domain="[]")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            other.write({"model_id": "care.client"})
        self.assertIn(other.id, [f["id"] for f in self._as(self.south_staff, own).get_filters("res.partner")])

    def test_a_view_saved_beside_an_action_is_ones_own(self):
        window = self.env.ref("social_care.care_stay_action")
        views = self._as(self.north_staff, self.env["ir.embedded.actions"])
        vals = {
            "name": "Astrid Ek",
            "parent_action_id": window.id,
            "parent_res_model": "res.partner",
            "action_id": window.id,
            "domain": NAMED,
        }
        for model in ("res.partner", "care.unit"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                views.create({**vals, "parent_res_model": model})
        own = views.create({**vals, "user_id": self.north_staff.id})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            own.write({"user_id": False})
