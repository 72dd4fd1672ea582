from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from .test_care_safety_walk import WalkCase


@tagged("post_install", "-at_install")
class TestCareSafetyWalkPointAgain(WalkCase, TransactionCase):
    """A point seen again is a link, and no new task."""

    def test_a_point_seen_again_is_a_link_and_no_new_task(self):
        first = self._walk(-60)
        lamp = self._point(first)
        first.action_close()
        walk = self._walk()
        walk.action_open()
        for _time in range(2):
            lamp.with_context(care_safety_walk_id=walk.id).action_seen_again()
        again = walk.point_ids
        self.assertEqual(len(again), 1, "asking twice makes one point")
        self.assertEqual((again.repeated_of_id, again.state, lamp.seen_count), (lamp, "open", 2))
        waiting = self.env["care.safety.walk.point"].search(
            lamp._domain_to_mend() & Domain("area_id", "=", self.area.id)
        )
        self.assertEqual(waiting, lamp)
        again.action_decide()
        self.assertEqual((lamp.state, again.state), ("decided", "decided"))
        walk.action_close()
        third = self._walk()
        self.assertEqual(third.followed_point_ids, lamp)
        chained = self._point(third, "Annan text", repeated_of_id=again.id)
        self.assertEqual(chained.repeated_of_id, lamp, "always the first sighting")
        lamp.action_done()
        self.assertEqual((again.state, chained.state), ("done", "done"))
        self.assertEqual((again | chained | lamp).mapped("seen_count"), [3, 3, 3])

    def test_the_same_kind_at_the_same_place_links_by_itself(self):
        lamp = self._point(self._walk(-60))
        walk = self._walk()
        self.assertEqual(self._point(walk, "  cykelrum,  BJÖRKVÄGEN 3 ").repeated_of_id, lamp)
        self.assertFalse(self._point(walk, "Cykelrum, Björkvägen 3", "litter").repeated_of_id)
        self.assertFalse(self._point(walk, "Cykelrum, Björkvägen 5").repeated_of_id)
        lamp.action_done()
        later = self._point(self._walk())
        self.assertFalse(later.repeated_of_id, "what was mended is a new task when it breaks again")

    def test_done_and_there_again_waits_anew_but_a_refusal_stands(self):
        first = self._walk(-60)
        lamp, tree = self._point(first), self._point(first, "Träd", "greenery")
        lamp.action_done()
        tree.action_decline("Fridlyst")
        walk = self._walk()
        self._point(walk, repeated_of_id=lamp.id)
        again = self._point(walk, "Träd", "greenery", repeated_of_id=tree.id)
        self.assertEqual((lamp.state, tree.state, again.state), ("open", "declined", "declined"))

    def test_links_that_make_no_sense_are_refused(self):
        walk, later = self._walk(-10), self._walk()
        lamp, good = self._point(walk), self._point(walk, "Torget", "meeting_place", good=True)
        other_area = self.env["care.area"].create({"name": "Hamnen", "company_id": self.company.id})
        for vals in (
            {"walk_id": later.id, "repeated_of_id": good.id},
            {"walk_id": self._walk(area_id=other_area.id).id, "repeated_of_id": lamp.id},
            {"walk_id": self._walk(-20).id, "repeated_of_id": lamp.id},
        ):
            with self.assertRaises(ValidationError):
                self._point(walk, "X", **vals)
        with self.assertRaises(ValidationError):
            self._point(walk, "Y", due_date=self._day(-11))
