from odoo.tests import HttpCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareStaffChoiceTour(VisitCase, HttpCase):
    def test_two_wishes_one_accepted_and_one_declined(self):
        self.env["care.task.type"].create({"name": "Fiske", "code": "fishing"})
        self.start_tour("/odoo/choices", "care_staff_choice_wish", login="north_staff")
        choices = self.env["care.staff.choice"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(choices.employee_id, self.colleague | self.manager)
        self.assertEqual(choices.mapped("priority"), [1, 2])
        self.start_tour("/odoo/choices", "care_staff_choice_decide", login="north_manager")
        self.env.invalidate_all()
        self.assertEqual(choices.mapped("state"), ["accepted", "declined"])
        self.assertEqual(choices[1].decline_reason, "Chefen har inte tid")
