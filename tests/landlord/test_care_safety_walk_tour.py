from odoo.tests import HttpCase, tagged

from .test_care_safety_walk import WalkCase


@tagged("post_install", "-at_install")
class TestCareSafetyWalkTour(WalkCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_walk_on_the_phone(self):
        earlier = self._walk(-60)
        lamp = self._point(earlier, "Cykelbanan")
        bushes = self._point(earlier, "Gångvägen", "greenery")
        earlier.action_close()
        walk = self._walk()
        self.start_tour("/odoo/safety-walks?view_type=kanban", "care_safety_walk_tour", login="oncall_staff")
        self.assertEqual((walk.state, walk.light), ("closed", "dark"))
        self.assertEqual((lamp.state, lamp.seen_count, bushes.state), ("open", 2, "done"))
        self.assertEqual(set(walk.point_ids.mapped("place")), {"Cykelbanan", "Återvinningen", "Torget"})
        self.assertEqual(walk.point_ids.filtered("good").place, "Torget")
