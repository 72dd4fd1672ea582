from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from ..common_oncall import OncallCase
from ..common_queries import QueryCase

NAME = {"display_name": {}}


@tagged("post_install", "-at_install")
class TestBaseLabels(OncallCase, QueryCase, TransactionCase):
    """Two of one name stay at Norr. Whoever may know them is told which of them it is, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.older = cls._kerstin("1951-03-02", "1101")
        cls.younger = cls._kerstin("1963-07-09", "1102")
        cls.labels = {
            cls.older: f"Kerstin Andersson · {cls.older.reference} · 1951",
            cls.younger: f"Kerstin Andersson · {cls.younger.reference} · 1963",
        }

    @classmethod
    def _kerstin(cls, birth_date, flat):
        dwelling = cls.dwelling.copy({"name": flat})
        client = cls._client("Kerstin", "Andersson", birth_date=birth_date)
        cls._stay(client, cls.north, -30, dwelling_id=dwelling.id)
        return client

    def _shown(self, user, record, name="client_id"):
        """What the web client is told of a many2one."""
        [row] = self._as(user, record).web_read({name: {"fields": NAME}})
        return row[name]["display_name"]

    def _unsaved(self, user, model, **values):
        """As Odoo has it when it answers a form: whether the user may name these was asked before."""
        record = self._as(user, self.env[model]).new({})
        record._update_cache(values, validate=False)
        return record

    def _forms(self):
        """``(model, arch)`` of our forms about a person, as somebody gets them who has them."""
        people = self.north_manager, self.oncall_staff, self.privacy_officer
        for view in self.env["ir.ui.view"].search(
            [("type", "=", "form"), ("model", "=like", "care.%"), ("mode", "=", "primary")]
        ):
            if "client_id" in self.env[view.model]._fields:
                models = [self.env[view.model].with_user(user) for user in people]
                model = next(model for model in models if model.has_access("read"))
                yield model, etree.fromstring(model.get_view(view.id, "form")["arch"])

    def test_a1_every_choice_tells_namesakes_apart(self):
        clients = self._as(self.north_staff, self.env["care.client"])
        wanted = {client.id: label for client, label in self.labels.items()}
        self.assertEqual(dict(clients.name_search("kerstin")), wanted)
        rows = clients.web_name_search("kerstin", NAME)
        self.assertEqual({row["id"]: row["display_name"] for row in rows}, wanted)
        self.assertEqual({row["id"]: row["__formatted_display_name"] for row in rows}, wanted)
        for client, label in self.labels.items():
            [chosen] = self._as(self.north_staff, client).web_read(NAME)
            self.assertEqual(chosen["display_name"], label, "chosen in the list of all")

    def test_a1_a_crew_tells_namesakes_apart_by_the_flat(self):
        cards = self._as(self.oncall_staff, self.env["care.client.card"])
        wanted = {
            f"Kerstin Andersson · {client.reference} · Björkvägen 1, {flat}"
            for client, flat in ((self.older, "1101"), (self.younger, "1102"))
        }
        self.assertEqual({label for _id, label in cards.name_search("kerstin")}, wanted)
        rows = cards.web_name_search("kerstin", NAME)
        self.assertEqual({row["display_name"] for row in rows}, wanted)
        visits = self._visit(client_id=self.older.id), self._visit(client_id=self.younger.id)
        self.assertEqual({self._shown(self.oncall_staff, visit) for visit in visits}, wanted)
        self.assertEqual({self._shown(self.oncall_staff, visit, "card_id") for visit in visits}, wanted)
        event = self._event(client_id=self.older.id)
        self.shift._write_decided({"state": "closed"})
        self.assertEqual(self._shown(self.oncall_lead, event), self.older.reference)

    def test_a1_every_form_says_first_whom_it_is_about(self):
        """Saved or not, by whichever model: what a view forgets is put there."""
        models = set()
        for model, arch in self._forms():
            models.add(model._name)
            with self.subTest(model=model._name):
                [line] = arch.xpath("//h1//field[@name='client_id']")
                self.assertEqual(line.get("readonly"), "1")
                hidden = line.xpath("ancestor-or-self::*/@invisible")
                self.assertLessEqual(set(hidden), {"not client_id"})
                page = arch if arch.find("sheet") is None else arch.find("sheet")
                fields = page.xpath(".//field[not(ancestor::header or ancestor::*[@name='button_box'])]")
                self.assertIs(next(field for field in fields if field.get("invisible") != "1"), line)
        self.assertGreaterEqual(
            models, {"care.journal.entry", "care.plan.review", "care.contact.person.change"}
        )
        self.assertGreater(len(models), 25)

    def test_every_page_of_the_menu_names_whom_its_rows_are_about(self):
        # by a name of its own; by the reference alone
        named_otherwise = {"care.client.card", "care.journal.chain"}
        mute = []
        menus = self.env["ir.ui.menu"].search([("action", "=like", "ir.actions.act_window,%")])
        for page in [menu.action for menu in menus]:
            if not page.res_model.startswith("care.") or page.res_model in named_otherwise:
                continue
            model = self.env[page.res_model]
            kinds = {kind: view_id for view_id, kind in page.views if kind in ("list", "kanban")}
            for kind, view_id in kinds.items() if "client_id" in model._labelled_fields() else ():
                arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
                shown = set(arch.xpath(".//field[not(@optional='hide')]/@name"))
                if not shown & {"client_id", "listed_name", "client_reference"}:
                    mute.append(f"{page.xml_id}: {kind}")
        self.assertEqual(mute, [])

    def test_a_wizard_about_a_record_knows_whose_it_is(self):
        for name in sorted(
            {view.model for view in self.env["ir.ui.view"].search([("model", "=like", "care.%")])}
        ):
            model = self.env[name]
            about = [
                field
                for field in model._fields.values()
                if model._transient
                and field.type == "many2one"
                and field.required
                and self.env[field.comodel_name]._wall == "file"
            ]
            if about:
                self.assertIn("client_id", model._fields, name)

    def test_no_calendar_covers_whom_a_dialog_is_about(self):
        for name, held in (("care.stay.end", "1"), ("care.client.deceased", "1"), ("care.stay.move", None)):
            arch = etree.fromstring(self._as(self.north_manager, self.env[name]).get_view()["arch"])
            self.assertEqual(arch.get("disable_autofocus"), held, name)
            [title] = arch.xpath("//div[contains(@class, 'o_care_person')]")
            self.assertEqual(title.get("tabindex"), held and "0", name)

    def test_whatever_the_model_a_reader_is_told_what_the_reader_may_know(self):
        """Of a record that is not saved, too."""
        self.younger.protection_level = "marked"
        for model in sorted({model for model, _arch in self._forms()}, key=lambda model: model._name):
            for user, client, wanted in (
                (self.north_staff, self.older, self.labels[self.older]),
                (self.north_staff, self.younger, self.younger.reference),
                (self.north_manager, self.younger, self.younger.reference),
                (self.south_staff, self.older, self.older.reference),
                (self.privacy_officer, self.older, self.older.reference),
            ):
                with self.subTest(model=model._name, user=user.login, client=client.reference):
                    record = self._unsaved(user, model._name, client_id=client.id)
                    [row] = record.web_read({"client_id": {"fields": NAME}})
                    self.assertEqual(row["client_id"]["display_name"], wanted)

    def test_a_dialog_tells_a_crew_no_more_than_its_record(self):
        """What it sends back about the record's client names nobody anew; another client is refused."""
        event = self._event(client_id=self.older.id)
        dialog = self._as(self.oncall_staff, self.env["care.handover.send"]).with_context(
            default_event_id=event.id
        )
        with Form(dialog) as form:
            form.with_reason = False
            form.note = "Ring henne"
        spec = {"client_id": {"fields": NAME}, "body": {}, "event_id": {}, "with_reason": {}}
        values = {"event_id": event.id, "with_reason": True, "client_id": self.older.id}
        self.assertIn("value", dialog.onchange(values, ["with_reason"], spec))
        for client in (self.bo, self.younger):
            with self.assertRaises(AccessError):
                self._as(self.oncall_staff, dialog).onchange(
                    {**values, "client_id": client.id}, ["with_reason"], spec
                )

    def test_nobody_is_told_whose_file_is_shut(self):
        lockout = self._lockout(self.older, self.north_staff)
        self.assertEqual(self._shown(self.privacy_officer, lockout), self.older.reference)
        self.assertEqual(self._as(self.north_staff, self.older)._reader_labels(), {})
        former = self._user("former_staff", "social_care.group_care_staff")
        self._member(self.north, former, end=-1)
        for user in (former, self.south_manager, self.care_admin, self.supporter, self.oncall_lead):
            with self.subTest(user=user.login):
                self.assertEqual(self._as(user, self.younger)._reader_labels(), {})

    def test_what_is_stored_says_the_reference(self):
        """Also when the reader has just been told the name."""
        stay = self.env["care.stay"].search([("client_id", "=", self.older.id)])
        self.assertEqual(self._shown(self.north_manager, stay), self.labels[self.older])
        stay = stay.with_user(self.north_manager)
        self.assertEqual(stay.client_id.display_name, self.older.reference)
        self.assertEqual(stay.read(["client_id"])[0]["client_id"], (self.older.id, self.older.reference))
        self.assertEqual(stay._export_rows([["client_id"]]), [[self.older.reference]])
        self.assertEqual(
            stay.sudo().web_read({"client_id": {"fields": NAME}})[0]["client_id"]["display_name"],
            self.older.reference,
        )
        activity = stay.activity_schedule("mail.mail_activity_data_todo", user_id=self.north_manager.id)
        self.assertEqual(activity.sudo().res_name, self.older.reference)

    def test_goals_are_told_apart_by_what_they_say(self):
        plan = self.env["care.plan"].create({"client_id": self.older.id, "unit_id": self.north.id})
        goals = self.env["care.plan.goal"].create(
            [{"plan_id": plan.id, "name": name} for name in ("Laga mat", "Ta bussen")]
        )
        rows = self._as(self.north_staff, goals).web_name_search("", NAME, [("plan_id", "=", plan.id)])
        self.assertEqual({row["__formatted_display_name"] for row in rows}, {"Laga mat", "Ta bussen"})
        [row] = self._unsaved(self.north_staff, "care.plan.review", goal_id=goals[1].id).web_read(
            {"goal_id": {"fields": NAME}}
        )
        self.assertEqual(row["goal_id"]["display_name"], "Ta bussen")
        self.assertEqual(goals[1].display_name, self.older.reference)
        self.assertEqual(self._as(self.south_staff, goals)._reader_labels(), {})

    def test_a_heading_tells_namesakes_apart(self):
        self.younger.protection_level = "marked"
        for user, wanted in (
            (self.north_staff, {self.older.id: self.labels[self.older]}),
            (
                self.north_manager,
                {self.older.id: self.labels[self.older], self.younger.id: self.younger.reference},
            ),
        ):
            stays = self._as(user, self.env["care.stay"])
            groups = stays.formatted_read_group(
                [("client_id", "in", (self.older | self.younger).ids)], ["client_id"], ["__count"]
            )
            self.assertEqual(dict(group["client_id"] for group in groups), wanted, user.login)

    def test_the_database_is_asked_as_often_for_one_as_for_many(self):
        stays = self.env["care.stay"].search([("unit_id", "=", self.north.id), ("state", "=", "active")])
        spec = {"client_id": {"fields": NAME}}
        one, many = (
            self._count(lambda rows=rows: self._as(self.north_staff, rows).web_read(spec))
            for rows in (stays[:1], stays)
        )
        self.assertGreater(len(stays), 2)
        self.assertEqual(one, many)
        cards = self._as(self.oncall_staff, self.env["care.client.card"])
        one, many = (
            self._count(lambda limit=limit: cards.web_name_search("", NAME, limit=limit)) for limit in (1, 9)
        )
        self.assertEqual(one, many)
