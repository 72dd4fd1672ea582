import io
import json
import zipfile
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common_access_log import AccessLogCase
from ..common_file import FileCase


class SubjectCase(FileCase):
    """Astrid has a whole file at Norr (FileCase); here she has one thing at Söder too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stay(cls.astrid, cls.south, -10)
        cls.south_contact = cls.env["care.client.contact"].create(
            {
                "client_id": cls.astrid.id,
                "unit_id": cls.south.id,
                "name": "Söders hemliga kontakt",
                "phone": "070-174 06 44",
            }
        )
        cls.sister = cls.env["care.client.contact"].create(
            {
                "client_id": cls.astrid.id,
                "unit_id": cls.north.id,
                "name": "Lisa Syster",
                "relation": "Syster",
                "note": "Vill inte att Astrid vet var hon bor: Ekvägen 9",
            }
        )

    def _lockout(self, client, user, reason="Granne"):
        return self.env["care.client.lockout"].create(
            {"client_id": client.id, "user_id": user.id, "reason": reason, "date_from": self._day(-1)}
        )

    def _request(self, client=None, **vals):
        return self._as(self.privacy_officer, self.env["care.subject.request"]).create(
            {"client_key": (client or self.astrid).reference, "identity": "Känd av personalen", **vals}
        )

    def _part(self, request, unit, user=None):
        part = request.sudo().part_ids.filtered(lambda part: part.unit_id == unit)
        self.assertEqual(len(part), 1)
        return self._as(user, part) if user else part

    def _collected(self, user=None):
        part = self._part(self._request(), self.north, user or self.north_manager)
        part.action_collect()
        return part

    def _judge_all(self, part, outcome="give"):
        part.item_ids.filtered(lambda item: not item.outcome).judge(outcome, "Ingen kan lida men av detta")
        part.read_through = True

    def _released(self):
        part = self._collected()
        self._judge_all(part)
        part.action_release()
        return part


@tagged("post_install", "-at_install")
class TestCareSubjectRequest(SubjectCase, TransactionCase):
    """What is stored about a person: all of it, each unit for itself, judged, released and then frozen."""

    def test_every_kind_of_record_says_why_whence_to_whom_and_how_long(self):
        """A new model behind the wall is not forgotten: without a text on it this fails."""
        entries = {entry.model: entry for entry in self.env["care.processing"].search([])}
        for name in self.env.registry.descendants(["care.walled"], "_inherit"):
            model = self.env[name]
            if model._abstract or model._transient:
                continue
            self.assertIn(name, entries, f"{name}: add it to data/care_processing_data.xml")
            for text in ("purpose", "source", "recipients", "retention"):
                self.assertTrue(entries[name][text], f"{name}.{text}")
            entries[name]._check_fields()
        with self.assertRaises(ValidationError):
            entries["care.stay"].third_party = "no_such_field"

    def test_every_model_with_a_client_is_collected_or_shows_other_rows(self):
        register = self.env["care.subject.register"]
        collected = {model._name for model, _entry in register._kinds()} | register._not_collected()
        collected.add("care.access.log")  # test_who_opened_the_file_is_in_the_provider_s_part
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or "client_id" not in model._fields:
                continue
            if model._fields["client_id"].comodel_name == "care.client":
                projection = self.env["care.processing"].search(
                    [("model", "=", name), ("is_projection", "=", True)]
                )
                self.assertTrue(name in collected or projection, name)

    def test_relative_support_is_never_walked(self):
        neutral = self.env.registry.descendants(["care.neutral"], "_inherit")
        names = {model._name for model, _entry in self.env["care.subject.register"]._kinds()}
        self.assertFalse(names & set(neutral))
        self.assertFalse(
            {name for name in names if name.startswith(("care.relative", "care.referral", "care.support"))}
        )

    def test_each_unit_that_keeps_something_has_its_part(self):
        request = self._request()
        self.assertEqual(request.sudo().part_ids.unit_id, self.north | self.south)
        self.assertEqual(len(request.sudo().part_ids), 3, "and the provider what belongs to no unit")
        self.assertIn("Norr", request.progress)
        for user, unit in ((self.north_manager, self.north), (self.south_manager, self.south)):
            mine = self._as(user, self.env["care.subject.part"]).search([])
            self.assertEqual(mine.unit_id, unit)
            self.assertEqual(mine.activity_ids.sudo().user_id, user)

    def test_all_rows_of_the_unit_are_found_and_none_of_another(self):
        part = self._collected()
        found = {(item.model, item.res_id) for item in part.item_ids if not item.beside}
        for model, record in self.files[self.astrid].items():
            self.assertIn((model, record.id), found, model)
        text = str([item.content for item in part.item_ids])
        self.assertIn("Lisa Syster", text)
        self.assertNotIn("Söders hemliga kontakt", text)
        self.assertNotIn(("care.client.contact", self.south_contact.id), found)
        south = self._part(part.sudo().request_id, self.south, self.south_manager)
        south.action_collect()
        text = str([item.content for item in south.item_ids])
        self.assertIn("Söders hemliga kontakt", text)
        self.assertNotIn("Lisa Syster", text)

    def test_other_numbers_are_told_with_the_person(self):
        self.astrid.personal_number = "19400664-9984"
        part = self._collected()
        numbers = part.item_ids.filtered(lambda item: item.model == "care.client.number")
        self.assertEqual(numbers.mapped("res_id"), self.astrid.former_number_ids.ids)
        self.assertIn("194006049987", str(numbers.content))
        officers = self._part(part.sudo().request_id, self.env["care.unit"], self.privacy_officer)
        officers.action_collect()
        self.assertNotIn("194006049987", str([item.content for item in officers.item_ids]))

    def test_files_messages_and_activities_that_hang_on_the_rows_are_found(self):
        stay = self.stay_astrid
        with by_app():  # as an earlier version let it be stored
            self.env["ir.attachment"].create(
                {"name": "brev.txt", "raw": b"hej", "res_model": "care.stay", "res_id": stay.id}
            )
            stay.activity_schedule(
                "mail.mail_activity_data_todo", summary="Ring", user_id=self.north_staff.id
            )
        part = self._collected()
        beside = [item for item in part.item_ids if item.beside]
        self.assertIn("brev.txt", str([item.content for item in beside]))
        self.assertIn("Ring", str([item.content for item in beside]))
        self._judge_all(part)
        part.action_release()
        with zipfile.ZipFile(io.BytesIO(part._files()[1])) as package:
            names = package.namelist()
            self.assertTrue([name for name in names if name.endswith("brev.txt")], names)
            data = json.loads(package.read(f"{part.reference}.json"))
        kinds = {kind["what"]: kind for kind in data["kinds"]}
        self.assertTrue(all(kind["purpose"] and kind["retention"] for kind in kinds.values()), kinds.keys())

    def test_what_belongs_to_no_unit_is_the_privacy_officer_s(self):
        self._lockout(self.astrid, self.oncall_staff, reason="Granne")
        part = self._part(self._request(), self.env["care.unit"], self.privacy_officer)
        part.action_collect()
        self.assertIn("care.client.lockout", part.item_ids.mapped("model"))
        self.assertNotIn("care.plan", part.item_ids.mapped("model"))
        lockout = part.item_ids.filtered(lambda item: item.model == "care.client.lockout")
        self.assertFalse(lockout[0].outcome, "it tells of somebody else")

    def test_each_opens_the_page_of_their_own_part(self):
        """The name shows to whoever may open the client, and closes the page to nobody else."""
        request = self._request()
        none = self.env["care.unit"]
        for unit, user, name in (
            (self.north, self.north_manager, f"Astrid Ek · {self.astrid.reference} · 1940"),
            (none, self.privacy_officer, self.astrid.reference),
        ):
            part = self._part(request, unit, user)
            self.assertEqual(Form(part).reference, request.reference, user.login)
            [row] = part.web_read({"client_id": {"fields": {"display_name": {}}}})
            self.assertEqual(row["client_id"]["display_name"], name, user.login)
        fresh = Form(self._as(self.privacy_officer, self.env["care.subject.request"]))
        self.assertFalse(fresh.is_late, "a new request opens, before it has a day")

    def test_who_opened_the_file_is_in_the_provider_s_part(self):
        self.env.cr.execute(
            "INSERT INTO care_access_log (date, user_id, client_id, company_id, model, operation, channel, refused)"
            " VALUES (now() at time zone 'UTC', %s, %s, %s, 'care.plan', 'read', 'web', false)",
            [self.north_staff.id, self.astrid.id, self.company.id],
        )
        part = self._part(self._request(), self.env["care.unit"], self.privacy_officer)
        part.action_collect()
        lines = part.item_ids.filtered(
            lambda item: (item.model, item.res_id) == ("care.access.log", self.north_staff.id)
        )
        self.assertIn(str(self.today), lines.text)
        self.assertFalse(lines.outcome, "whether the reader is named is judged")
        lines.judge("part", "Den anställdas namn lämnas inte ut", {"user_id": "[…]"})
        self.assertNotIn(self.north_staff.name, str(lines._given_lines()))

    def test_who_opened_the_double_is_told_too(self):
        double = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        self.env.cr.execute(
            "INSERT INTO care_access_log (date, user_id, client_id, company_id, model, operation, channel, refused)"
            " VALUES (now() at time zone 'UTC', %s, %s, %s, 'care.plan', 'read', 'web', false)",
            [self.south_staff.id, double.id, self.company.id],
        )
        self._as(self.north_manager, double).action_join(self.astrid.id)
        part = self._part(self._request(), self.env["care.unit"], self.privacy_officer)
        part.action_collect()
        readers = {item.res_id for item in part.item_ids if item.model == "care.access.log"}
        self.assertIn(self.south_staff.id, readers)

    def test_a_request_that_waits_when_its_file_becomes_a_double(self):
        """It is answered, with both files, by every unit that keeps one."""
        double = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        request = self._request(double)
        self.assertEqual(request.sudo().part_ids.unit_id, self.north)
        self._as(self.north_manager, double).action_join(self.astrid.id)
        self.assertEqual(request.sudo().part_ids.unit_id, self.north | self.south)
        for unit, user in ((self.north, self.north_manager), (self.south, self.south_manager)):
            part = self._part(request, unit, user)
            part.action_collect()
            found = {item.res_id for item in part.item_ids if item.model == "care.client.contact"}
            kept = self.env["care.client.contact"].search(
                [("client_id", "=", self.astrid.id), ("unit_id", "=", unit.id)]
            )
            self.assertEqual(found, set(kept.ids))

    def test_who_was_refused_has_not_opened_the_file(self):
        for refused, operation, model in (
            (True, "read", "care.client"),
            (False, "print", "care.plan"),
            (False, "print", "care.client"),
        ):
            self.env.cr.execute(
                "INSERT INTO care_access_log (date, user_id, client_id, company_id, model, operation, channel, refused)"
                " VALUES (now() at time zone 'UTC', %s, %s, %s, %s, %s, 'web', %s)",
                [self.south_staff.id, self.astrid.id, self.company.id, model, operation, refused],
            )
        part = self._part(self._request(), self.env["care.unit"], self.privacy_officer)
        part.with_context(lang="en_US").action_collect()
        item = part.item_ids.filtered(
            lambda item: (item.model, item.res_id) == ("care.access.log", self.south_staff.id)
        )
        client, plan = (self.env["ir.model"]._get(model).name for model in ("care.client", "care.plan"))
        printed = ", ".join(sorted([client, plan]))
        days = [line[2] for line in item.content if line[0].startswith("line")]
        self.assertEqual(days, [f"Printed out: {printed}. Refused: Read: {client}"], "one line a day")

    def test_a_draft_is_its_authors_alone(self):
        """Not the manager's who makes the extract, nor the person's before it is signed (lag 2018:218, 5:2)."""
        entries = self._as(self.north_staff, self.env["care.journal.entry"])
        values = {"client_id": self.astrid.id, "unit_id": self.north.id}
        draft, signed = entries.create([{**values, "body": "Halvskrivet"}, {**values, "body": "Färdigt"}])
        signed.action_sign()
        part = self._collected()
        texts = str(part.item_ids.mapped("content"))
        self.assertIn("Färdigt", texts)
        self.assertNotIn("Halvskrivet", texts)
        draft.action_sign()
        part.action_collect()
        self.assertIn("Halvskrivet", str(part.item_ids.mapped("content")))

    def test_what_is_to_be_judged_is_a_tap_away(self):
        part = self._collected()
        action = part.action_open_unjudged()
        found = self._as(self.north_manager, self.env[action["res_model"]]).search(action["domain"])
        self.assertEqual(len(found), part.to_judge_count)
        self.assertTrue(found)
        with self.assertRaises(AccessError):
            self._as(self.south_manager, part).action_open_unjudged()

    def test_a_unit_that_nobody_can_answer_for_is_told_of(self):
        """Or the month passes, and nobody knows why."""
        request = self._request()
        english = self._as(self.privacy_officer, request).with_context(lang="en_US")
        self.assertNotIn("no manager", english.progress)
        managers = self.env["care.unit.member"].search(
            [("unit_id", "=", self.north.id), ("role", "=", "manager")]
        )
        managers.write({"date_to": self._day(-1)})
        english = self._as(self.privacy_officer, request).with_context(lang="en_US")
        stuck = [line for line in english.progress.splitlines() if "no manager" in line]
        self.assertEqual([line.split(":")[0] for line in stuck], [self.north.name])

    def test_a_document_is_called_what_it_is(self):
        """A page of HTML that is called a PDF opens as an empty sheet."""
        html = self._released()
        self.assertTrue(html._files()[0].lstrip().startswith(b"<"))
        self.assertEqual(html.document_name, f"{html.reference}.html")
        part = self._collected()
        self._judge_all(part)
        with patch.object(type(part), "_render_document", lambda part: (b"%PDF-1.4 ...", "pdf")):
            part.action_release()
        self.assertEqual(part.document_name, f"{part.reference}.pdf")
        waiting = self._part(self._request(), self.south, self.south_manager)
        self.assertEqual(waiting.document_name, f"{waiting.reference}.pdf")

    def test_the_page_says_a_time_once_and_nothing_when_there_is_nothing(self):
        part = self._collected()
        values = self.env["report.social_care.care_subject_report_document"]
        sheet = values.with_user(self.north_manager)._get_report_values(part.ids)["sheets"][0]
        retained = [kind["entry"].retention for kind in sheet["kinds"] if not kind["kept_as_above"]]
        self.assertFalse([pair for pair in pairwise(retained) if pair[0] == pair[1]])
        self.assertTrue([kind for kind in sheet["kinds"] if kind["kept_as_above"]])
        self.assertFalse([r for kind in sheet["kinds"] for r in kind["records"] if r["is_long"]])
        html = self.env["ir.actions.report"].with_user(self.north_manager).with_context(lang="en_US")
        name = "social_care.care_subject_report_document"
        self.assertNotIn("Nothing is kept", html._render_qweb_html(name, part.ids)[0].decode())
        part.sudo().item_ids._delete_uncollected()
        self.astrid.lang = "en_US"
        self.env.invalidate_all()
        self.assertIn("Nothing is kept", html._render_qweb_html(name, part.ids)[0].decode())

    def test_nothing_is_released_before_what_tells_of_others_is_judged_and_the_texts_are_read(self):
        part = self._collected()
        self.assertTrue(part.to_judge_count)
        with self.assertRaisesRegex(UserError, "Judge each of them first"):
            part.action_release()
        self._judge_all(part)
        part.read_through = False
        with self.assertRaises(UserError):
            part.action_release()
        part.read_through = True
        part.action_release()
        self.assertEqual((part.state, part.released_by_id), ("released", self.north_manager))

    def test_a_judgement_has_a_reason_and_masks_without_rewriting(self):
        part = self._collected()
        item = part.item_ids.filtered(
            lambda i: (i.model, i.res_id) == ("care.client.contact", self.sister.id)
        )
        for outcome, reason, given in (
            ("hold", " ", None),
            ("burn", "x", None),
            ("part", "x", {}),
            ("part", "x", {"note": "Något helt annat"}),
            ("part", "x", {"note": "Bor […] på Ekvägen"}),
            ("part", "x", {"no_such": "[…]"}),
        ):
            with self.assertRaises(UserError):
                item.judge(outcome, reason, given)
        item.judge(
            "part",
            "Systern kan lida men om Astrid får veta var hon bor",
            {"note": "Vill inte att Astrid vet […]"},
        )
        self.assertEqual((item.outcome, item.judged_by_id), ("part", self.north_manager))
        self._judge_all(part)
        part.action_release()
        pdf, package = part._files()
        self.assertTrue(pdf)
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            data = archive.read(f"{part.reference}.json").decode()
        self.assertIn("Lisa Syster", data)
        self.assertIn("[…]", data)
        self.assertNotIn("Ekvägen 9", data)
        self.assertEqual(json.loads(data)["held_back"], 1)

    def test_what_is_held_back_is_not_in_what_is_given(self):
        part = self._collected()
        self._judge_all(part, "hold")
        part.action_release()
        with zipfile.ZipFile(io.BytesIO(part._files()[1])) as archive:
            data = archive.read(f"{part.reference}.json").decode()
        self.assertNotIn("Lisa", data)
        report = self.env["ir.actions.report"].with_user(self.north_manager)
        html = report._render_qweb_html("social_care.care_subject_report_document", part.ids)[0].decode()
        self.assertNotIn("Lisa", html)
        self.assertIn(part.content_hash, html)

    def test_collecting_anew_keeps_judgements_of_what_is_unchanged(self):
        part = self._collected()
        item = part.item_ids.filtered(
            lambda i: (i.model, i.res_id) == ("care.client.contact", self.sister.id)
        )
        item.judge("hold", "Systern")
        part.action_collect()
        same = part.item_ids.filtered(
            lambda i: (i.model, i.res_id) == ("care.client.contact", self.sister.id)
        )
        self.assertEqual(same.outcome, "hold")
        self.sister.note = "Flyttat"
        part.action_collect()
        new = part.item_ids.filtered(lambda i: (i.model, i.res_id) == ("care.client.contact", self.sister.id))
        self.assertFalse(new.outcome, "another text, another judgement")

    def test_released_is_frozen(self):
        part = self._released()
        item = part.item_ids[0]
        self.env.flush_all()
        for act, sentence in (
            (lambda: part.sudo().write({"document": b"x"}), "Use the buttons; they keep"),
            (lambda: part.sudo().unlink(), "A request stays"),
            (lambda: part.action_collect(), "does not become “To be judged”"),
            (lambda: part.action_release(), "does not become “Released”"),
            (lambda: item.judge("hold", "Ångrat"), "What was released is not changed"),
            (lambda: item.sudo().write({"outcome": "hold"}), "Use the buttons to judge"),
            (lambda: part.sudo().request_id.unlink(), "A request stays"),
            (lambda: part.write({"read_through": False}), "What was released is not changed"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                act()
        for query in (
            "UPDATE care_subject_part SET document = 'x' WHERE id = %s",
            "UPDATE care_subject_part SET package = NULL WHERE id = %s",
            "UPDATE care_subject_part SET content_hash = 'x' WHERE id = %s",
            "UPDATE care_subject_part SET state = 'collected' WHERE id = %s",
            "DELETE FROM care_subject_part WHERE id = %s",
            "DELETE FROM care_subject_item WHERE part_id = %s",
            "UPDATE care_subject_item SET content = '[]' WHERE part_id = %s",
            "UPDATE care_subject_item SET outcome = 'hold', reason = 'x', judged_at = now() WHERE part_id = %s",
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(query, [part.id])

    def test_the_request_is_done_when_every_part_is_handed_over(self):
        request = self._request()
        for unit, user in (
            (self.north, self.north_manager),
            (self.south, self.south_manager),
            (self.env["care.unit"], self.privacy_officer),
        ):
            part = self._part(request, unit, user)
            part.action_collect()
            self._judge_all(part)
            with self.assertRaises(UserError):
                part.action_hand_over("person")
            part.action_release()
        self.assertEqual(request.sudo().state, "released")
        for part in request.sudo().part_ids:
            user = part.activity_ids.user_id[0]
            with self.assertRaises(UserError):
                self._as(user, part).action_hand_over("e-mail")
            self._as(user, part).action_hand_over("person")
        self.env.invalidate_all()
        self.assertEqual((request.sudo().state, request.sudo().closed_on), ("closed", self.today))
        self.assertFalse(request.sudo().part_ids.activity_ids)

    def test_a_month_and_once_two_more(self):
        request = self._request(received_on=self._day(-40))
        self.assertEqual(request.due_on, self._day(-40) + relativedelta(months=1))
        self.assertTrue(request.is_late)
        with self.assertRaises(UserError):
            request.action_extend(" ")
        request.action_extend("Mycket material från tio år")
        self.assertEqual(request.due_on, self._day(-40) + relativedelta(months=3))
        part = self._part(request, self.north)
        self.assertEqual(part.due_on, request.due_on)
        self.assertEqual(set(part.activity_ids.mapped("date_deadline")), {request.due_on})
        with self.assertRaises(UserError):
            request.action_extend("Igen")

    def test_a_rejected_request_tells_why_and_makes_nothing(self):
        request = self._request()
        with self.assertRaises(UserError):
            request.action_reject("")
        request.action_reject("Visade ingen legitimation. Kan överklagas till kammarrätten.")
        part = self._part(request, self.north, self.north_manager)
        with self.assertRaises(UserError):
            part.action_collect()
        self.assertFalse(part.sudo().activity_ids)

    def test_a_manager_registers_from_the_client(self):
        wizard = self._as(self.north_manager, self.env["care.subject.open"]).create(
            {"client_id": self.astrid.id, "identity": "ID-kort"}
        )
        action = wizard.action_open()
        part = self._as(self.north_manager, self.env["care.subject.part"]).browse(action["res_id"])
        self.assertEqual(
            (part.unit_id, part.sudo().request_id.registered_by_id), (self.north, self.north_manager)
        )
        for user in (self.north_staff, self.south_staff, self.oncall_lead):
            with self.assertRaises(AccessError):
                self._as(user, self.astrid).action_register_extract()
        with self.assertRaises(AccessError):
            self._as(self.north_manager, self.bo).action_register_extract()


@tagged("post_install", "-at_install")
class TestCareSubjectAttack(SubjectCase, TransactionCase):
    """Who is not the manager of the unit learns nothing of its part."""

    def _doors(self, record):
        return (
            lambda: record.read(),
            lambda: record.export_data(["id", "display_name"]),
            lambda: record.web_read({"display_name": {}}),
            lambda: record.write({}),
        )

    def test_nobody_else_opens_a_part(self):
        part = self._released()
        item = part.sudo().item_ids[0]
        request = part.sudo().request_id
        self.env.ref("base.group_allow_export").user_ids |= self.env.ref("base.group_user").all_user_ids
        others = [
            self.north_staff, self.south_staff, self.south_manager, self.oncall_staff, self.oncall_lead,
            self.supporter, self.care_admin, self.privacy_officer,
        ]  # fmt: skip
        for user in others:
            for record in (part, item):
                seen = self._as(user, record)
                with self.subTest(user=user.login, model=record._name):
                    for door in self._doors(seen)[:3]:
                        with self.assertRaises(UserError):
                            door()
                    if seen.browse().has_access("read"):
                        self.assertNotIn(record.id, seen.browse().search([]).ids)
                        self.assertFalse(
                            seen.browse()._read_group([("id", "=", record.id)], [], ["__count"])[0][0]
                        )
            if user != self.privacy_officer:
                with self.assertRaises(AccessError):
                    self._as(user, request).read(["progress"])
            for verb in ("action_collect", "action_release"):
                with self.assertRaises(AccessError):
                    getattr(self._as(user, part), verb)()
            with self.assertRaises(AccessError):
                self._as(user, part).action_hand_over("person")
            with self.assertRaises(AccessError):
                self._as(user, item).judge("give", "x")
            reports = self.env["ir.actions.report"].with_user(user)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self._as(user, part)
                reports._render_qweb_html("social_care.care_subject_report_document", part.ids)

    def test_the_register_and_its_helpers_are_not_for_callers(self):
        for name in ("care.subject.register", "care.subject.part", "care.subject.item"):
            model = type(self.env[name])
            public = {
                method
                for cls in model.mro()
                if cls.__module__.startswith("odoo.addons.social_care.models.care_subject")
                for method in vars(cls)
                if not method.startswith("_") and callable(vars(cls)[method])
            }
            allowed = {
                "init", "create", "write", "unlink", "judge", "action_collect", "action_release", "action_hand_over",
                "action_judge", "action_open_unjudged",
            }  # fmt: skip
            self.assertFalse(public - allowed, name)

    def test_nobody_makes_a_part_or_a_record_by_hand(self):
        request = self._request()
        for user in (self.north_manager, self.privacy_officer):
            with self.assertRaisesRegex(UserError, "the units' parts are made then"):
                self._as(user, self.env["care.subject.part"]).create(
                    {"request_id": request.id, "unit_id": self.south.id}
                )
            with self.assertRaisesRegex(UserError, "Records are collected, not written"):
                self._as(user, self.env["care.subject.item"]).create(
                    {"part_id": request.sudo().part_ids[0].id, "model": "care.client", "res_id": self.bo.id}
                )
        part = self._part(request, self.north, self.north_manager)
        for vals in ({"unit_id": self.south.id}, {"state": "released"}):
            with self.assertRaisesRegex(UserError, "they keep to the time|stays with its client"):
                part.write(vals)

    def test_a_locked_out_manager_and_one_whose_membership_ended_see_nothing(self):
        part = self._collected()
        self._lockout(self.astrid, self.north_manager)
        with self.assertRaises(AccessError):
            self._as(self.north_manager, part).read(["reference"])

    def test_an_on_call_team_s_manager_makes_its_part_and_opens_no_file(self):
        lead = self._user("team_boss", "social_care.group_oncall_lead")
        self._member(self.oncall, lead, "manager")
        shift = self.env["care.oncall.shift"].create(
            {
                "unit_id": self.oncall.id,
                "date_start": self.env.cr.now() - timedelta(hours=2),
                "date_end": self.env.cr.now() + timedelta(hours=2),
                "employee_ids": [(6, 0, self._employee(self.oncall_staff).ids)],
            }
        )
        shift.action_open()
        event = self.env["care.oncall.event"].create(
            {
                "unit_id": self.oncall.id,
                "shift_id": shift.id,
                "client_id": self.astrid.id,
                "caller_kind": "relative",
                "caller_name": "Grannen Ulla",
                "description": "Orolig",
                "received_at": self.env.cr.now() - timedelta(hours=1),
            }
        )
        part = self._part(self._request(), self.oncall, lead)
        part.action_collect()
        item = part.item_ids.filtered(lambda i: (i.model, i.res_id) == (event._name, event.id))
        self.assertTrue(item.has_third)
        self.assertFalse(item.outcome)
        with self.assertRaises(AccessError):
            self._as(lead, self.astrid).read(["name"])
        self.assertNotIn("Lisa Syster", str([i.content for i in part.item_ids]))


@tagged("post_install", "-at_install")
class TestCareSubjectCollecting(SubjectCase, TransactionCase):
    def _count(self, part):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        part.action_collect()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_collecting_asks_as_often_for_many_records(self):
        """A person with a long file: the queries are those of the kinds of records, not of the rows."""
        part = self._collected()
        counts = []
        for rows in (2, 20):
            base = {"client_id": self.astrid.id, "unit_id": self.north.id}
            self.env["care.client.contact"].create([{**base, "name": f"Nr {n}"} for n in range(rows)])
            self.env["care.journal.entry"].create([{**base, "body": f"Nr {n}"} for n in range(rows)])
            counts.append(self._count(part))
        self.assertLessEqual(counts[1], counts[0], counts)


@tagged("post_install", "-at_install")
class TestCareSubjectJudging(AccessLogCase, SubjectCase, TransactionCase):
    def test_reading_the_dialog_again_leaves_a_line(self):
        """It holds a copy of the record. Who is shut out meanwhile reads the copy no more."""
        part = self._collected()
        item = part.item_ids.filtered("has_third")[:1]
        judge = (
            self.env["care.subject.judge"]
            .with_user(self.north_manager)
            .with_context(default_item_id=item.id)
            .create({"reason": "Prövas"})
        )
        self._end_request()
        self._tick()
        self._forget()
        self.env.invalidate_all()
        before = self._last_id()
        self.assertTrue(judge.line_ids.read(["value"])[0]["value"])
        self._end_request()
        lines = [line for line in self._lines(self.north_manager, self.astrid) if line["id"] > before]
        self.assertIn(("care.subject.item", "read"), {(line["model"], line["operation"]) for line in lines})
        self._lockout(self.astrid, self.north_manager)
        self.env.invalidate_all()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            judge.line_ids.read(["value"])
