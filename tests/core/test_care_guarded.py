from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_emergency import REASON, EmergencyCase
from ..common_file import FileCase

GUARDED = {"care.emergency.access", "care.access.change", "care.access.review", "care.access.review.line"}


@tagged("post_install", "-at_install")
class TestCareGuarded(EmergencyCase, FileCase, TransactionCase):
    """What the app makes by itself is as the app makes it, whatever its maker would have liked."""

    def _forged(self, model, user, **values):
        """The model with the caller's values as context defaults and as stored defaults."""
        defaults = self._as(user, self.env["ir.default"])
        for name, value in values.items():
            defaults.set(model, name, value, user_id=True)
        context = {f"default_{name}": value for name, value in values.items()}
        return self._as(user, self.env[model]).with_context(**context)

    def test_which_models(self):
        self.assertEqual(set(self.env.registry.descendants(["care.guarded"], "_inherit")) & GUARDED, GUARDED)

    def test_no_default_of_the_callers_reaches_any_field(self):
        for name in GUARDED:
            model = self.env[name]
            own = model.default_get(list(model._fields))
            stored = {f.name: f for f in model._fields.values() if f.store and f.type != "one2many"}
            context = {f"default_{field}": 1 for field in stored}
            self.assertEqual(
                model.with_context(**context).default_get(list(stored)).keys(),
                own.keys() & stored.keys(),
                name,
            )

    def test_nobody_makes_writes_or_removes_one(self):
        everybody = (
            self.north_staff, self.north_manager, self.oncall_lead, self.privacy_officer, self.care_admin,
            self._user("sysadmin", "base.group_system"),
        )  # fmt: skip
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        for user in everybody:
            for name in GUARDED:
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, self.env[name]).create({})
            for deed in (
                lambda a: a.write({"reason": "Annat"}),
                lambda a: a.unlink(),
                lambda a: a.copy(),
                lambda a: a.write({"activity_ids": [Command.clear()], "date_to": fields.Datetime.now()}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    deed(self._as(user, access))

    def test_the_sentence_says_what_to_do_instead_and_holds_for_superuser_code_too(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference).with_context(lang="en_US")
        for refused, sentence in (
            (lambda: access.with_user(self.oncall_staff).create({}), "Open a file with the button"),
            (lambda: access.sudo().write({"reason": "Annat"}), "closed early, or reviewed"),
            (lambda: access.sudo().unlink(), "stays as long as"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                refused()

    def test_an_emergency_access_is_not_born_reviewed_or_longer(self):
        now = fields.Datetime.now()
        accesses = self._forged(
            "care.emergency.access",
            self.oncall_staff,
            judgement="motivated",
            review_comment="Helt rätt",
            reviewed_by_id=self.north_manager.id,
            reviewed_at=fields.Datetime.to_string(now),
            review_due="2099-01-01",
            date_from=fields.Datetime.to_string(now - timedelta(days=9)),
            date_to=fields.Datetime.to_string(now + timedelta(days=9)),
            date_limit=fields.Datetime.to_string(now + timedelta(days=9)),
            user_id=self.south_staff.id,
            client_id=self.bo.id,
        )
        accesses.action_open(self.astrid.reference, REASON)
        access = self.env["care.emergency.access"].search([("user_id", "=", self.oncall_staff.id)])
        self.assertEqual((access.client_id, access.reason), (self.astrid, REASON))
        self.assertFalse(access.judgement or access.reviewed_by_id or access.review_comment)
        self.assertTrue(access.is_waiting)
        hours = timedelta(hours=self.rule("emergency_access"))
        self.assertEqual((access.date_to, access.date_limit), (access.date_from + hours,) * 2)
        self.assertLess(access.date_from - now, timedelta(minutes=1))
        self.assertEqual(access.review_due, self._day(self.rule("access_review")))

    def test_who_opens_a_file_cannot_put_the_reminder_away(self):
        self._as(self.oncall_staff, self.env["ir.default"]).set(
            "mail.activity", "active", False, user_id=True
        )
        accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
        accesses.with_context(default_active=False).action_open(self.astrid.reference, REASON)
        access = self.env["care.emergency.access"].search([("user_id", "=", self.oncall_staff.id)])
        activities = self.env["mail.activity"].search(
            [("res_model", "=", access._name), ("res_id", "=", access.id)]
        )
        self.assertEqual(activities.user_id, self.north_manager | self.privacy_officer)

    def test_a_change_of_access_is_not_born_seen(self):
        sysadmin = self._user("sysadmin", "base.group_system")
        users = self._forged(
            "care.access.change",
            sysadmin,
            seen_at="2020-01-01 00:00:00",
            seen_by_id=self.privacy_officer.id,
            comment="Redan sett",
            is_alarm=False,
            date="2020-01-01 00:00:00",
        )
        me = users.env["res.users"].browse(sysadmin.id)
        me.group_ids = [Command.link(self.env.ref("social_care.group_care_manager").id)]
        change = self.env["care.access.change"].search([("subject_user_id", "=", sysadmin.id)], limit=1)
        self.assertTrue(change.is_alarm)
        self.assertFalse(change.seen_at or change.seen_by_id or change.comment)
        self.assertEqual(change.date.date(), fields.Date.today())

    def test_a_lockout_by_itself_is_not_born_over(self):
        """Whoever writes the number that it follows from does not shorten it."""
        hr = self._user("hr", "hr.group_hr_manager")
        employees = self._forged("care.client.lockout", hr, date_to=str(self.today), date_from="2020-01-01")
        employee = employees.env["hr.employee"].browse(self._employee(self.north_staff).id)
        employee.ssnid = self.astrid.personal_number
        lockout = self.env["care.client.lockout"].search([("user_id", "=", self.north_staff.id)])
        self.assertEqual((lockout.date_from, lockout.date_to), (self.today, False))
        self.assertFalse(self._sees(self.north_staff, self.astrid))

    def test_a_wish_and_a_plan_begin_at_the_beginning(self):
        """The same for the files' own records: a state is given by a verb, not by ``default_state``."""
        values = {"client_id": self.astrid.id, "unit_id": self.north.id}
        choices = self._forged(
            "care.staff.choice",
            self.north_staff,
            state="accepted",
            decided_by_id=self.north_manager.id,
            decided_at="2020-01-01 00:00:00",
        )
        task = self.env["care.task.type"].search([], limit=1)
        employee = self._employee(self.north_staff)
        choice = choices.create({**values, "task_type_id": task.id, "employee_id": employee.id}).sudo()
        self.assertEqual((choice.state, choice.decided_by_id.ids, choice.decided_at), ("wished", [], False))
        plans = self._forged("care.plan", self.north_staff, state="active", agreement="agreed")
        plan = plans.create(values).sudo()
        self.assertEqual((plan.state, plan.agreement), ("draft", "pending"))

    def test_every_state_behind_the_wall(self):
        tried = 0
        for name in self.env.registry.descendants(["care.walled"], "_inherit"):
            model = self.env[name]
            state = model._fields.get("state")
            if model._abstract or not state or state.type != "selection":
                continue
            if not state.readonly and not model._is_by_verb("state"):  # a result that people choose
                continue
            own = model.default_get(["state"])
            for value in dict(state._description_selection(self.env)):
                self.assertEqual(model.with_context(default_state=value).default_get(["state"]), own, name)
                tried += 1
        self.assertGreater(tried, 30)
