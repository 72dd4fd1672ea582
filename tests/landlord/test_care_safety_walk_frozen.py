from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .test_care_disturbance_frozen import RetentionCase
from .test_care_safety_walk import WalkCase


@tagged("post_install", "-at_install")
class TestCareSafetyWalkFrozen(RetentionCase, WalkCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.walk = self._walk(-1, route="Runt gården")
        self.point = self._point(self.walk, photo=self._photo(), note="Trasig")
        self.walk.action_close()
        self.env.flush_all()

    def _photo_of(self, point):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", point._name), ("res_id", "=", point.id), ("res_field", "=", "photo")])
        )

    def test_a_closed_walk_is_fixed_in_the_database(self):
        self.assertTrue(self._photo_of(self.point))
        walk, point = (self.walk.id,), (self.point.id,)
        self._assert_refused(
            ("UPDATE care_safety_walk SET route = 'x' WHERE id = %s", walk),
            ("UPDATE care_safety_walk SET date = date - 1 WHERE id = %s", walk),
            ("UPDATE care_safety_walk SET state = 'open', participants = 'x' WHERE id = %s", walk),
            ("UPDATE care_safety_walk SET state = 'planned' WHERE id = %s", walk),
            ("DELETE FROM care_safety_walk WHERE id = %s", walk),
            ("UPDATE care_safety_walk_point SET note = 'x' WHERE id = %s", point),
            ("UPDATE care_safety_walk_point SET good = true WHERE id = %s", point),
            ("DELETE FROM care_safety_walk_point WHERE id = %s", point),
            ("INSERT INTO care_safety_walk_point (walk_id, category, place) VALUES (%s, 'light', 'x')", walk),
            (
                "INSERT INTO care_safety_walk_followed_rel (walk_id, point_id) VALUES (%s, %s)",
                (self.walk.id, self.point.id),
            ),
            ("UPDATE ir_attachment SET checksum = 'x' WHERE id = %s", (self._photo_of(self.point).id,)),
            ("DELETE FROM ir_attachment WHERE id = %s", (self._photo_of(self.point).id,)),
        )

    def test_no_point_moves_onto_a_closed_walk(self):
        point = self._point(self._walk(), "Annan plats")
        self._assert_refused(
            ("UPDATE care_safety_walk_point SET walk_id = %s WHERE id = %s", (self.walk.id, point.id))
        )

    def test_what_follows_after_the_walk_passes(self):
        point = self._as(self.oncall_staff, self.point)
        point.write({"owner": "Kommunen", "due_date": self._day(30), "done_photo": self._photo()})
        point.action_decide()
        point.action_done()
        self._point(self._walk(), "Annan plats", repeated_of_id=self.point.id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(point.state, "open", "seen again")

    def test_a_reopened_walk_is_corrected(self):
        walk = self._as(self.oncall_staff, self.walk)
        walk.action_reopen()
        walk.route = "Andra vägen"
        walk.point_ids.photo = self._photo(size=(10, 10))
        walk.action_close()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((walk.route, walk.state), ("Andra vägen", "closed"))

    def test_only_an_approved_run_deletes_a_walk_with_points_and_photos(self):
        later = self._walk()
        self.assertEqual(later.followed_point_ids, self.point)
        later_point = self._point(later, "Annan plats")
        later.action_close()
        photo = self._photo_of(self.point)
        with self.assertRaises(UserError):
            self.walk.sudo().unlink()
        with self.assertRaises(UserError):
            self.point.sudo().unlink()
        run = self._approved_run(self.walk)
        self.assertEqual(run.line_ids.reference, self.walk.reference)
        run.action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.walk.exists() or self.point.exists() or photo.exists())
        self.assertTrue(later.exists() and later_point.exists())
        self.assertFalse(later.followed_point_ids)
