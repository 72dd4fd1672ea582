from lxml import etree

from odoo.tests import Form, TransactionCase, tagged

from .common_oncall import OncallCase
from .common_relative import RelativeCase
from .rights.test_care_subject_request import SubjectCase

LISTS = ("list", "kanban", "calendar")


@tagged("post_install", "-at_install")
class TestSocialCareMenus(SubjectCase, OncallCase, RelativeCase, TransactionCase):
    """What a role is offered in the menu opens for it: the list, the first record, and a new one.

    One field on a page that its reader may not read closes the whole page, and no test of a model sees it.
    """

    def setUp(self):
        super().setUp()
        self._visit()
        self._night_card(self.astrid, self.north)
        event = self._event(client_id=self.astrid.id, action_taken="Samtal")
        event._send_handover(self.north, "Samtal")
        case = self.env["care.relative.case"].create({"unit_id": self.relatives.id, "name": "Gun Ek"})
        self.env["care.relative.contact"].create({"unit_id": self.relatives.id, "case_id": case.id})
        group = self.env["care.support.group"].create({"unit_id": self.relatives.id, "name": "Onsdagar"})
        self.env["care.support.session"].create({"group_id": group.id})
        self.env["care.support.participant"].create({"group_id": group.id, "name": "Gun Ek"})
        self._request()

    def _actions(self, user):
        """The windows on the app's models that the user's menu offers."""
        menus = self._as(user, self.env["ir.ui.menu"]).load_menus(False).values()
        ids = {menu["action_id"] for menu in menus if menu.get("action_model") == "ir.actions.act_window"}
        actions = self.env["ir.actions.act_window"].sudo().browse(sorted(ids))
        return actions.filtered(lambda action: action.res_model.startswith("care."))

    def _open(self, user, action):
        model = self._as(user, self.env[action.res_model])
        views = [(id_, kind) for id_, kind in action.views if kind != "form"]
        form_id = next((id_ for id_, kind in action.views if kind == "form"), False)
        opened = model.get_views([*views, (form_id, "form")], {"toolbar": True})["views"]
        records = model.browse()
        for kind in opened.keys() & set(LISTS):
            fields = [
                node.get("name") for node in etree.fromstring(opened[kind]["arch"]).iterfind(".//field")
            ]
            asked = {name: {} for name in fields if name in model._fields}
            found = model.web_search_read([], asked, limit=40)
            records |= model.browse(record["id"] for record in found["records"])
        form = etree.fromstring(opened["form"]["arch"])
        if records and model._auto:
            Form(records[0], view=form_id or None)
        creates = form.get("create") not in ("0", "false", "False") and model.has_access("create")
        if creates or action.target == "new":
            Form(model, view=form_id or None)
        return len(records)

    def test_what_the_menu_offers_opens(self):
        for user in (
            self.north_staff,
            self.north_manager,
            self.oncall_staff,
            self.oncall_lead,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
        ):
            actions = self._actions(user)
            self.assertGreater(len(actions), 5, user.login)
            seen = 0
            for action in actions:
                with self.subTest(user=user.login, action=action.name, model=action.res_model):
                    seen += self._open(user, action)
            self.assertTrue(seen, f"{user.login} was shown no record at all")
