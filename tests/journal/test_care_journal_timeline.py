from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ...models.journal.care_journal_timeline import MODELS, NUMBERS, STEP
from ...tools.frozen import thawed
from ..common_journal import JournalCase
from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareJournalTimeline(JournalCase, VisitCase, TransactionCase):
    """Notes, visits, reviews, handovers, stays and plans in one order, each by its own rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["care.journal.timeline"]
        plan = cls._plan()
        cls.goal = cls.env["care.plan.goal"].create({"plan_id": plan.id, "name": "Handla själv"})
        cls._line(plan, name="Samtal", goal_id=cls.goal.id)
        cls.plan = cls._active(plan)
        cls.visit = cls._visit(cls.plan, -1)
        cls.visit.write({"employee_id": cls.staff.id, "note": "Hon dukade"})
        cls.visit.action_done()
        cls.env.flush_all()
        with thawed(cls.env.cr, "care_plan"):
            cls.env.cr.execute(
                "UPDATE care_plan SET activated_at = %s WHERE id = %s",
                [fields.Datetime.now() - timedelta(days=10), plan.id],
            )
        cls.env.invalidate_all()

    def _of(self, user, *domain):
        return self._as(user, self.lines).search([("client_id", "=", self.astrid.id), *domain])

    def test_one_order_and_stable_ids(self):
        note = self._signed(goal_id=self.goal.id)
        lines = self._of(self.north_colleague)
        self.assertEqual(lines.mapped("source"), ["entry", "visit", "plan", "stay_start"])
        self.assertEqual(lines[0].id, note.id * STEP + NUMBERS["entry"])
        self.assertEqual(lines[0].text, note.body)
        self.assertIn("Hon dukade", lines[1].text)
        self.assertEqual(lines.mapped("at"), sorted(lines.mapped("at"), reverse=True))

    def test_filters(self):
        note = self._signed(goal_id=self.goal.id, kind="event")
        for domain, sources in [
            ([("kind", "=", "event")], ["entry"]),
            ([("goal_id", "=", self.goal.id)], ["entry", "visit"]),
            ([("source", "=", "visit")], ["visit"]),
            ([("at", ">=", self._ago(hours=1))], ["entry"]),
        ]:
            self.assertEqual(self._of(self.north_colleague, *domain).mapped("source"), sources, domain)
        self.assertEqual(note.kind, "event")

    def test_ids_are_asked_for_by_their_keys(self):
        """Reading a line by its id must not look through the tables: the part's own key is asked for."""
        note = self._signed()
        line = note.id * STEP + NUMBERS["entry"]
        query = self.lines.sudo()._search([("id", "in", [line, self.visit.id * STEP + NUMBERS["visit"]])])
        self.assertEqual(set(query), {line, self.visit.id * STEP + NUMBERS["visit"]})
        self.assertFalse(self.lines.sudo().search([("id", "=", note.id * STEP + len(MODELS) + 2)]))
        self.assertFalse(self.lines.sudo().search([("id", "in", [])]))
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(self._explain(self.lines.sudo()._search([("id", "=", line)])))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        self.assertIn("care_journal_entry_pkey", plan)
        self.assertNotIn("care_visit", plan)

    def test_a_clients_lines_come_by_indexes(self):
        """Each part of the union has an index that begins with the client: 20 million rows are no matter."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            self._explain(self.lines.sudo()._search([("client_id", "=", self.astrid.id)], limit=80))
        )
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        for table in {self.env[model]._table for model in MODELS.values()}:
            self.assertRegex(plan, rf"(Index Scan|Bitmap Heap Scan).* on {table} ", plan)
        self.assertNotIn("Seq Scan on care_journal_entry", plan)
        self.assertNotIn("Seq Scan on care_visit", plan)

    def _explain(self, query):
        select = query.select()
        return self.env.cr.mogrify(f"EXPLAIN {select.code}", select.params).decode()

    def test_since_you_were_last_here(self):
        early = self._signed(body="Tidig")
        user = self.north_colleague
        self._as(user, self.astrid).action_open_timeline()
        self.assertFalse(self._of(user, ("is_new", "=", True)), "the first time nothing is new")
        self.env.cr.execute("UPDATE care_journal_look SET looked_at = looked_at - interval '2 hours'")
        with thawed(self.env.cr, "care_journal_entry"):
            self.env.cr.execute(
                "UPDATE care_journal_entry SET signed_at = signed_at - interval '3 hours' WHERE id = %s",
                [early.id],
            )
        self.env.cr.execute("UPDATE care_visit SET reported_at = reported_at - interval '3 hours'")
        late = self._signed(body="Ny", event_at=self._ago(days=3))
        self.env.invalidate_all()
        action = self._as(user, self.astrid).action_open_timeline()
        self.assertEqual(action["domain"], [("client_id", "=", self.astrid.id)])
        new = self._of(user, ("is_new", "=", True), ("source", "=", "entry"))
        self.assertEqual(new.mapped("res_id"), late.ids, "by when it came in, not by when it happened")
        self.assertTrue(new.is_new)
        self._as(user, self.astrid).action_open_timeline()
        self.assertTrue(self._of(user, ("is_new", "=", True)), "within the hour it is the same visit")
        self.assertFalse(self._of(self.north_manager, ("is_new", "=", True)), "each user's own")

    def test_looks_are_ones_own(self):
        self._as(self.north_staff, self.astrid).action_open_timeline()
        looks = self.env["care.journal.look"]
        self.assertTrue(self._as(self.north_staff, looks).search([]))
        self.assertFalse(self._as(self.north_manager, looks).search([]))

    def test_a_narrower_source_keeps_what_it_holds(self):
        """Text is read from the source as the reader: a rule there holds, whatever the line's own say."""
        self._signed(body="Hemlig text")
        self.env["ir.rule"].create(
            {
                "name": "narrower",
                "model_id": self.env["ir.model"]._get_id("care.journal.entry"),
                "domain_force": "[('kind', '=', 'event')]",
            }
        )
        line = self._of(self.north_colleague, ("source", "=", "entry"))
        self.assertFalse(
            any(line.read(["text", "title", "who"])[0][name] for name in ("text", "title", "who"))
        )
        with self.assertRaises(AccessError):
            line.action_open_source()

    def test_every_line_opens_its_source(self):
        self._objection(self._signed())
        for line in self._of(self.north_staff):
            action = line.action_open_source()
            self.assertTrue(
                self._as(self.north_staff, self.env[action["res_model"]]).browse(action["res_id"]).exists()
            )

    def test_nobody_writes_lines(self):
        for attempt in (
            lambda: self._as(self.north_manager, self.lines).create({"client_id": self.astrid.id}),
            lambda: self._of(self.north_manager)[:1].write({"state": "x"}),
            lambda: self._of(self.north_manager)[:1].unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()
