from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallTeam(OncallCase, TransactionCase):
    """What is the team's own: by its memberships now, whoever asks and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_team = cls._unit("Andra jouren", kind="on_call")
        cls.stranger = cls._user("stranger", "social_care.group_oncall_lead")
        cls._member(cls.other_team, cls.stranger)
        cls.other_shift = cls._shift(cls.stranger, unit=cls.other_team)

    def test_the_field_is_there_to_be_searched(self):
        shifts = self._as(self.oncall_staff, self.env["care.oncall.shift"]).sudo()
        both = self.shift | self.other_shift
        here = [("id", "in", both.ids)]
        for domain, expected in (
            ([("opened_by", "=", "team")], self.shift),
            ([("opened_by", "in", ["team", "stay"])], self.shift),
            ([("opened_by", "!=", "team")], self.other_shift),
            (["|", ("opened_by", "=", "team"), ("opened_by", "!=", "team")], both),
            ([("opened_by", "=", "stay")], self.env["care.oncall.shift"]),
            ([("opened_by", "in", [])], self.env["care.oncall.shift"]),
        ):
            self.assertEqual(shifts.search(here + domain), expected, domain)
        self.assertFalse(self._as(self.oncall_staff, self.shift).opened_by, "read it says nothing")

    def test_whoever_is_in_no_team_has_nothing(self):
        self.oncall.member_ids.date_to = self._day(-1)
        self.assertFalse(self._as(self.oncall_staff, self.env["care.oncall.shift"]).search([]))

    def test_of_many_only_the_others_are_refused(self):
        both = self._as(self.oncall_staff, self.shift | self.other_shift)
        self.assertEqual(both._filtered_access("read"), self.shift)
        with self.assertRaises(AccessError):
            both.read(["date_start"])
        self.assertTrue(both[0].has_access("read"))
        self.assertFalse(self._as(self.oncall_staff, self.shift).has_access("unlink"))

    def test_the_lead_puts_the_team_s_own_on_duty(self):
        shift = self._as(self.oncall_lead, self.env["care.oncall.shift"]).create(
            {
                "unit_id": self.oncall.id,
                "date_start": self.shift.date_end,
                "date_end": self.shift.date_end.replace(minute=59),
                "employee_ids": [Command.link(self._employee(self.oncall_staff).id)],
            }
        )
        self.assertEqual(shift.sudo().employee_ids, self._employee(self.oncall_staff))
        shift.write({"employee_ids": [Command.set(self._employee(self.oncall_lead).ids)]})
        self.assertEqual(shift.sudo().employee_ids, self._employee(self.oncall_lead))
        for stranger in (self.stranger, self.north_staff):
            with self.assertRaises(ValidationError):
                shift.write({"employee_ids": [Command.link(self._employee(stranger).id)]})

    def test_naming_a_colleague_changes_no_employee(self):
        """The names are written as superuser: nobody is hired, rewritten or removed on the way."""
        colleague = self._employee(self.oncall_lead)
        event = self._event()
        count = self.env["hr.employee"].with_context(active_test=False).search_count([])
        for record, user in ((event, self.oncall_staff), (self.shift, self.oncall_lead)):
            for command in (
                Command.create({"name": "Ny"}),
                Command.update(colleague.id, {"user_id": self.oncall_staff.id}),
                Command.delete(colleague.id),
            ):
                with self.subTest(model=record._name, command=command), self.assertRaises(UserError):
                    self._as(user, record).write({"employee_ids": [command]})
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, self.env["care.oncall.event"]).create(
                {
                    "unit_id": self.oncall.id,
                    "shift_id": self.shift.id,
                    "employee_ids": [Command.update(colleague.id, {"name": "Någon Annan"})],
                }
            )
        self.env.invalidate_all()
        self.assertEqual(colleague.user_id, self.oncall_lead)
        self.assertEqual(colleague.name, self.oncall_lead.name)
        self.assertEqual(self.env["hr.employee"].with_context(active_test=False).search_count([]), count)
