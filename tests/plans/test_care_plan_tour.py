from odoo.tests import HttpCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlanTour(CarePlanCase, HttpCase):
    """A contact person writes a BUSS plan with the client from a template, and both sign on the screen."""

    def test_a_plan_from_a_template_to_both_signatures(self):
        self.astrid.lang = "en_US"
        self.start_tour("/odoo/clients", "care_plan_write", login="north_staff")
        plan = self.env["care.plan"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(plan.own_goals, "Jag vill bo kvar hemma")
        self.assertEqual(len(plan.goal_ids), 4)
        plan.line_ids.write({"responsible": "contact_person", "monday": True})
        self.start_tour(f"/odoo/plans/{plan.id}", "care_plan_sign", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((plan.state, plan.agreement), ("active", "agreed"))
        self.assertEqual(plan.signature_ids.mapped("role"), ["client", "contact_person"])
        self.assertTrue(all(plan.signature_ids.with_context(bin_size=False).mapped("image")))
