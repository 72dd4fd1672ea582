from functools import partial

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common_attached import TEXT, TODO, AttachedCase


@tagged("post_install", "-at_install")
class TestMailActivity(AttachedCase, HttpCase):
    def test_a_type_a_day_and_a_person_on_any_record(self):
        neutral = self.env.registry.descendants(["care.neutral"], "_inherit")
        for record, user in self._threads():
            with self.subTest(model=record._name):
                if record._name in neutral:
                    with self.assertRaises(UserError), self.cr.savepoint():
                        self._activity(record, user)
                    continue
                activity = self._activity(record, user, date_deadline=self._day(3))
                activity.write({"date_deadline": self._day(4), "user_id": False})
                activity.write({"user_id": user.id})
                activity.action_done()
                self.assertFalse(activity.active)

    def test_e1_only_who_opens_the_record_is_given_it(self):
        people = self.north_staff | self.south_staff | self.privacy_officer | self.supporter
        neutral, refused = self.env.registry.descendants(["care.neutral"], "_inherit"), set()
        for record, user in self._threads():
            if record._name in neutral:
                continue
            activity = self._activity(record, user)
            for person in people:
                lasting = self._as(person, record).with_context(care_wall_changes=True)
                give = (
                    partial(self._activity, record, user, user_id=person.id),
                    partial(activity.write, {"user_id": person.id}),
                    partial(activity.sudo().write, {"user_id": person.id}),
                )
                for attempt in give:
                    with self.subTest(model=record._name, person=person.login):
                        if lasting.has_access("read"):
                            attempt()
                            continue
                        refused.add(record._name)
                        with self.assertRaises(UserError), self.cr.savepoint():
                            attempt()
        self.assertGreater(len(refused), 10)

    def test_a_record_without_activities_answers_with_a_refusal(self):
        free = self._as(self.north_manager, self.env["mail.activity"]).create(
            {"user_id": self.north_manager.id}
        )
        for model, record in (("care.client", self.astrid), ("care.decision", self.env["care.decision"])):
            place = {"res_model_id": self.env["ir.model"]._get_id(model), "res_id": record.id or 1}
            for attempt in (
                partial(free.write, {**place, "user_id": self.north_staff.id}),
                partial(free.create, {**place, "user_id": self.north_staff.id}),
            ):
                with self.subTest(model=model), self.assertRaises(UserError), self.cr.savepoint():
                    attempt()

    def test_nothing_written_on_any_record(self):
        upload = self.env["mail.activity.type"].create({"name": "Ladda upp", "category": "upload_file"})
        for record, user in self._threads():
            with by_app():
                activity = self._activity(record, user)
            for vals in (
                {"note": TEXT},
                {"summary": TEXT},
                {"feedback": TEXT},
                {"attachment_ids": [Command.create({"name": TEXT})]},
                {"activity_type_id": upload.id},
            ):
                schedule = partial(record.sudo().activity_schedule, TODO, user_id=user.id)
                for attempt in (
                    partial(self._activity, record, user, **vals),
                    partial(schedule, **{"activity_type_id": False, **vals}),
                    partial(activity.write, vals),
                    partial(activity.sudo().write, vals),
                ):
                    with (
                        self.subTest(model=record._name, what=list(vals)),
                        self.assertRaises(UserError),
                        self.cr.savepoint(),
                    ):
                        attempt()
            self.authenticate(user.login, user.login)
            for method, kwargs in (
                ("action_feedback", {"feedback": TEXT}),
                ("action_feedback_schedule_next", {"feedback": TEXT}),
                ("action_feedback", {"attachment_ids": [1]}),
            ):
                with self.subTest(model=record._name, method=method), mute_logger("odoo.http"):
                    answer = self._route(
                        f"/web/dataset/call_kw/mail.activity/{method}",
                        {
                            "model": "mail.activity",
                            "method": method,
                            "args": [activity.ids],
                            "kwargs": kwargs,
                        },
                    )
                    self.assertIn("type, a day and a person", answer["error"]["data"]["message"])
            with self.subTest(model=record._name, what="moved here"):
                free = self.env["mail.activity"].create({"note": TEXT, "user_id": user.id})
                with self.assertRaises(UserError), self.cr.savepoint():
                    free.write(
                        {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
                    )
                free.unlink()
        self.assertNothingSaid()

    def test_what_the_type_says_of_itself(self):
        type_ = self.env["mail.activity.type"].create(
            {"name": "Hembesök", "summary": "Boka tid", "default_note": "<p>Ring först</p>"}
        )
        wizard = Form(
            self._as(self.north_manager, self.env["mail.activity.schedule"]).with_context(
                active_model="care.stay", active_ids=self.stay_astrid.ids, active_id=self.stay_astrid.id
            )
        )
        wizard.activity_type_id = type_
        self.assertTrue(wizard._get_modifier("note", "invisible") and wizard.is_care)
        wizard.save().action_schedule_activities()
        activity = self.stay_astrid.activity_ids.filtered(lambda a: a.activity_type_id == type_)
        self.assertEqual(activity.summary, "Boka tid")
        wizard = wizard.save()
        wizard.sudo().note = TEXT
        with self.assertRaises(UserError):
            wizard.action_schedule_activities()

    def test_who_is_given_one_learns_the_reference_alone(self):
        for record, _user in self._threads():
            if record._name == "care.unit":
                continue  # its name is no secret
            other = self._user(f"given_{record._table}", "base.group_user")
            with by_app():
                record.sudo().activity_schedule(TODO, user_id=other.id, note=TEXT, summary=TEXT)
            told = self._messages(record).filtered(lambda m, o=other: o.partner_id in m.partner_ids)
            with self.subTest(model=record._name):
                self.assertEqual(len(told), 1)
                self.assertNotIn(TEXT, f"{told.body}{told.subject}")
                self.assertIn(record.display_name, told.body)

    def test_other_records_are_as_odoo_made_them(self):
        partner = self.north_staff.partner_id
        activity = partner.activity_schedule(TODO, note=TEXT, summary=TEXT, user_id=self.north_staff.id)
        activity.action_feedback(TEXT)
        self.assertIn(TEXT, "".join(self._messages(partner).mapped("body")))


@tagged("post_install", "-at_install")
class TestMailActivityMeeting(AttachedCase, TransactionCase):
    def test_no_meeting_comes_of_one(self):
        """Where the calendar is installed, whose events every colleague reads and other services may copy."""
        if "calendar.event" not in self.env:
            self.skipTest("a database without the calendar")
        meeting = self.env["mail.activity.type"].search([("category", "=", "meeting")], limit=1)
        stay, user = self.stay_astrid, self.north_manager
        events = self._as(user, self.env["calendar.event"])
        bare = self._activity(stay, user)
        vals = {"name": TEXT, "start": "2030-01-01 10:00:00", "stop": "2030-01-01 11:00:00"}
        here = {"res_model_id": self.env["ir.model"]._get_id(stay._name), "res_id": stay.id}
        for attempt in (
            lambda: self._activity(stay, user, activity_type_id=meeting.id),
            lambda: events.create({**vals, **here, "description": TEXT}),
            lambda: events.create({**vals, "activity_ids": [Command.set(bare.ids)]}),
            lambda: events.with_context(default_activity_ids=[Command.set(bare.ids)]).create(vals),
            lambda: bare.write({"calendar_event_id": events.create(vals).id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        proposed = bare.action_create_calendar_event()["context"]
        self.assertEqual(proposed["default_description"], "")
        self.assertEqual(proposed["default_name"], self.astrid.reference)
        partner = self.env["res.partner"].create({"name": "Hyresvärden"})
        note = {"activity_type_id": meeting.id, "note": "Nycklar"}
        self.assertTrue(self._activity(partner, self.env.ref("base.user_admin"), **note))
