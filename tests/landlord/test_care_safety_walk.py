import base64
import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from PIL import Image
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase

GPS_IFD = 0x8825
SECRET = "Kameran tillhor Anna Al"


class WalkCase(CareCase):
    """Walks of the on-call team in Björkbacken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.landlord = cls.env["res.partner"].create({"name": "Bostaden AB", "is_company": True})
        cls.area.landlord_id = cls.landlord

    @classmethod
    def _walk(cls, days=0, **vals):
        vals = {"area_id": cls.area.id, "unit_id": cls.oncall.id, "date": cls._day(days), **vals}
        return cls.env["care.safety.walk"].create(vals)

    @classmethod
    def _point(cls, walk, place="Cykelrum, Björkvägen 3", category="light", **vals):
        vals = {"walk_id": walk.id, "place": place, "category": category, **vals}
        return cls.env["care.safety.walk.point"].create(vals)

    @staticmethod
    def _photo(image_format="JPEG", size=(2400, 1200), **info):
        stream = io.BytesIO()
        Image.new("RGB", size, "green").save(stream, image_format, **info)
        return base64.b64encode(stream.getvalue())

    @staticmethod
    def _exif():
        exif = Image.Exif()
        exif[0x010F] = SECRET  # Make
        exif[0x0112] = 6  # Orientation: turned
        exif[GPS_IFD] = {1: "N", 2: (59.0, 19.0, 30.0), 3: "E", 4: (18.0, 4.0, 0.0)}
        return exif.tobytes()


@tagged("post_install", "-at_install")
class TestCareSafetyWalk(WalkCase, TransactionCase):
    def test_from_planned_to_the_protocol(self):
        walk = self._as(self.oncall_staff, self.env["care.safety.walk"]).create({"area_id": self.area.id})
        self.assertEqual((walk.state, walk.unit_id), ("planned", self.oncall))
        walk.action_open()
        self.assertTrue(walk.started_at)
        point = self._point(walk.with_user(self.oncall_staff))
        self.assertEqual((point.state, point.owner), ("open", "Bostaden AB"))
        self.assertEqual(point.due_date, walk.date + relativedelta(months=6))
        self._point(walk, "Lekplatsen", "meeting_place", good=True)
        walk.action_close()
        self.assertEqual((walk.state, walk.point_count, walk.to_mend_count), ("closed", 2, 1))
        self.assertGreaterEqual(walk.ended_at, walk.started_at)

    def test_a_walk_without_points_is_not_closed(self):
        walk = self._walk()
        for state in ("planned", "open"):
            self.assertEqual(walk.state, state)
            with self.assertRaisesRegex(UserError, "without points"):
                walk.action_close()
            if state == "planned":
                walk.action_open()

    def test_a_walk_of_tomorrow_is_not_closed_and_times_keep_their_order(self):
        walk = self._walk(2)
        self._point(walk)
        with self.assertRaisesRegex(UserError, "future"):
            walk.action_close()
        now = fields.Datetime.now()
        with self.assertRaises(ValidationError):
            walk.started_at = now + timedelta(hours=1)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            walk.write({"started_at": now, "ended_at": now - timedelta(hours=1)})
            walk.flush_recordset()

    def test_walk_verbs_follow_the_table(self):
        verbs = {"open": "action_open", "closed": "action_close"}
        for before, allowed in self.env["care.safety.walk"]._transitions.items():
            for after, verb in verbs.items():
                walk = self._walk()
                self._point(walk, f"{before} {after}")
                walk._write_decided({"state": before})
                with self.subTest(before=before, after=after):
                    if after in allowed:
                        getattr(walk, verb)()
                        self.assertEqual(walk.state, after)
                    else:
                        with self.assertRaises(UserError):
                            getattr(walk, verb)()
        with self.assertRaises(UserError):
            self._walk().action_reopen()
        with self.assertRaises(UserError):
            self._walk().sudo().write({"state": "closed"})
        with self.assertRaises(UserError):
            self._walk(state="closed")

    def test_what_is_good_is_no_task(self):
        point = self._point(self._walk(), good=True)
        self.assertEqual((point.state, point.owner, point.due_date), (False, False, False))
        with self.assertRaises(UserError):
            point.action_done()
        point.good = False
        self.assertEqual(point.state, "open")
        self.assertTrue(point.due_date)

    def test_open_points_follow_to_the_next_walk(self):
        first = self._walk(-60)
        lamp, bush, gone, no = (
            self._point(first, place, category)
            for place, category in [("A", "light"), ("B", "greenery"), ("C", "litter"), ("D", "damage")]
        )
        good = self._point(first, "E", "meeting_place", good=True)
        first.action_close()
        bush.action_decide()
        gone.action_done()
        no.action_decline("För dyrt")
        elsewhere = self.env["care.area"].create({"name": "Hamnen", "company_id": self.company.id})
        self.assertFalse(self._walk(area_id=elsewhere.id).followed_point_ids)
        walk = self._walk()
        self.assertEqual(walk.followed_point_ids, lamp | bush)
        lamp.action_done()
        walk.action_open()
        self.assertEqual(walk.followed_point_ids, bush, "what was mended since the planning does not follow")
        bush.action_done()
        self.assertEqual(
            walk.followed_point_ids, bush, "the protocol keeps what followed when the walk began"
        )
        self.assertNotIn(good, walk.followed_point_ids)

    def test_a_closed_walk_is_fixed_but_its_points_live_on(self):
        walk = self._walk()
        point = self._point(walk)
        walk.action_close()
        for change in (
            lambda: walk.write({"weather": "rain"}),
            lambda: walk.write({"point_ids": [(5,)]}),
            lambda: point.write({"place": "X"}),
            lambda: point.write({"photo": self._photo()}),
            lambda: self._point(walk, "Ny"),
            point.unlink,
            walk.unlink,
        ):
            with self.assertRaises(UserError):
                change()
        point.write({"owner": "Kommunen", "due_date": self._day(30)})
        point.action_decide()
        walk.action_reopen()
        point.place = "Rättad plats"
        self.assertEqual(point.place, "Rättad plats")

    def test_a_begun_walk_stays_in_its_area(self):
        other = self.env["care.area"].create({"name": "Hamnen", "company_id": self.company.id})
        walk = self._walk()
        walk.area_id = other
        walk.area_id = self.area
        point = self._point(walk)
        with self.assertRaises(UserError):
            walk.area_id = other
        with self.assertRaises(UserError):
            point.walk_id = self._walk()

    def test_photos_keep_nothing_but_the_picture(self):
        raw = self._photo(exif=self._exif(), comment=SECRET.encode())
        self.assertIn(SECRET.encode(), base64.b64decode(raw))
        self.assertIn(b"Exif", base64.b64decode(raw))
        text = self._png_text()
        walk = self._walk()
        points = self._point(walk, "A", photo=raw) | self._point(walk, "B", photo=text)
        points[1].done_photo = raw
        self.env.flush_all()
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", points._name),
                    ("res_id", "in", points.ids),
                    ("res_field", "in", ("photo", "done_photo")),
                ]
            )
        )
        self.assertEqual(len(attachments), 3)
        for attachment in attachments:
            image = Image.open(io.BytesIO(attachment.raw))
            self.assertEqual(image.format, "JPEG")
            self.assertFalse(image.getexif())
            self.assertFalse(set(image.info) & {"exif", "comment", "xmp", "icc_profile", "photoshop"})
            self.assertNotIn(SECRET.encode(), attachment.raw)
        turned = Image.open(io.BytesIO(base64.b64decode(points[0].photo)))
        self.assertEqual(turned.size, (800, 1600), "turned upright and made smaller")

    def _png_text(self):
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Author", SECRET)
        return self._photo("PNG", (40, 20), pnginfo=info)

    def test_what_is_no_photo_is_refused(self):
        walk = self._walk()
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><metadata>Anna</metadata></svg>'
        for content in (svg, b"RIFF0000WEBPVP8 ", b"no picture", b"\xff\xd8\xff\xe1broken"):
            with self.assertRaises(UserError):
                self._point(walk, photo=base64.b64encode(content))
        with self.assertRaises(UserError):
            self._point(walk, photo=b"%%%")

    def test_overdue(self):
        walk = self._walk(-200)
        late = self._point(walk, due_date=self._day(-1))
        today = self._point(walk, "B", due_date=self._day(0))
        done = self._point(walk, "C", due_date=self._day(-1))
        done.action_done()
        points = self.env["care.safety.walk.point"]
        self.assertEqual((late | today | done).mapped("overdue"), [True, False, False])
        own = [("walk_id", "=", walk.id)]
        self.assertEqual(points.search([*own, ("overdue", "=", True)]), late)
        self.assertEqual(points.search([*own, ("overdue", "=", False)]), today | done)

    def test_the_form_of_a_point_on_the_phone(self):
        walk = self._as(self.oncall_staff, self._walk())
        walk.action_open()
        view = "social_care.care_safety_walk_point_view_form_quick"
        points = self.env["care.safety.walk.point"].with_user(self.oncall_staff)
        with Form(points.with_context(default_walk_id=walk.id), view) as form:
            form.category = "litter"
            form.place = "Återvinningen"
        self.assertEqual(walk.point_ids.owner, "Bostaden AB")
        action = walk.point_ids.action_next()
        self.assertEqual(
            (action["res_model"], action["context"]), (points._name, {"default_walk_id": walk.id})
        )

    def test_the_protocol_names_nobody(self):
        first = self._walk(-60)
        lamp, tree = self._point(first), self._point(first, "Eken", "greenery")
        first.action_close()
        walk = self._walk(participants="Två ur jouren, kommunpolis", resident_count=3, light="dark")
        walk.action_open()
        lamp.with_context(care_safety_walk_id=walk.id).action_seen_again()
        self._point(walk, "Torget", "meeting_place", good=True, note="Nya bänkar")
        tree.action_decline("Eken är fridlyst.")
        report = self.env["ir.actions.report"].with_user(self.oncall_lead)
        name = "social_care.care_safety_walk_report_document"
        with self.assertRaisesRegex(UserError, "Close the walk"):
            report._render_qweb_html(name, walk.ids)
        walk.action_close()
        self._as(self.oncall_lead, walk)
        text = report._render_qweb_html(name, walk.ids)[0].decode()
        for part in (
            "Björkbacken",
            "Två ur jouren, kommunpolis",
            "Nya bänkar",
            "Eken är fridlyst.",
            "Bostaden AB",
        ):
            self.assertIn(part, text)
        for user in (self.oncall_staff, self.oncall_lead, self.env.user):
            self.assertNotIn(user.name, text)

    def test_lists_take_as_many_queries_whatever_their_length(self):
        self._walk_with_points(1)
        spent = [self._queries_of_lists()]
        for number in range(2, 12):
            self._walk_with_points(number)
        spent.append(self._queries_of_lists())
        self.assertEqual(spent[0], spent[1])

    def _walk_with_points(self, number):
        walk = self._walk(-number)
        for letter in "ABC":
            self._point(walk, f"{letter}{number}")
        return walk

    def _queries_of_lists(self):
        specification = {
            "care.safety.walk": {
                "area_id": {"fields": {"display_name": {}}},
                "point_count": {},
                "to_mend_count": {},
            },
            "care.safety.walk.point": {"seen_count": {}, "overdue": {}, "owner": {}, "display_name": {}},
        }
        counts = {}
        for name, fields_spec in specification.items():
            records = self._as(self.oncall_staff, self.env[name])
            records.web_search_read([], fields_spec)  # the registry's own caches
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(records.web_search_read([], fields_spec)["records"])
            counts[name] = self.cr.sql_log_count - before
        return counts
