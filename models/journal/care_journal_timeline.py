from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.fields import selection_of

SOURCES = [
    ("entry", "Note"),
    ("objection", "Objection"),
    ("visit", "Visit"),
    ("review", "Review"),
    ("plan", "Plan"),
    ("handover", "Handover"),
    ("stay_start", "Moved in"),
    ("stay_end", "Stay ended"),
    ("check_visit", "Visit by the on-call team"),
]
# A line's id is the row's id times STEP plus the source's place in SOURCES.
STEP = 16
MODELS = {
    "entry": "care.journal.entry",
    "objection": "care.journal.objection",
    "visit": "care.visit",
    "review": "care.plan.review",
    "plan": "care.plan",
    "handover": "care.handover",
    "stay_start": "care.stay",
    "stay_end": "care.stay",
    "check_visit": "care.check.visit",
}
NUMBERS = {name: number for number, (name, _label) in enumerate(SOURCES)}
# What each source says about itself: at, appeared_at, kind, goal_id, state, and the rows meant. Never content.
PARTS = {
    "entry": (
        "t.event_at", "GREATEST(t.signed_at, t.struck_at)", "t.kind", "t.goal_id", "t.state",
        "care_journal_entry t WHERE t.state <> 'draft'",
    ),
    "objection": (
        "t.noted_at", "t.noted_at", "NULL", "NULL::int4", "NULL", "care_journal_objection t WHERE TRUE",
    ),
    "visit": (
        "t.start", "COALESCE(t.reported_at, t.start)", "NULL",
        "(SELECT l.goal_id FROM care_plan_line l WHERE l.id = t.line_id)", "t.state",
        "care_visit t WHERE t.state IN ('done', 'not_done')",
    ),
    "review": (
        "t.signed_at", "t.signed_at", "NULL", "t.goal_id", "NULL", "care_plan_review t WHERE t.state = 'done'",
    ),
    "plan": (
        "t.activated_at", "t.activated_at", "NULL", "NULL::int4", "t.state",
        "care_plan t WHERE t.activated_at IS NOT NULL",
    ),
    "handover": (
        "t.sent_at", "t.sent_at", "NULL", "NULL::int4", "t.state", "care_handover t WHERE t.client_id IS NOT NULL",
    ),
    "stay_start": (
        "t.opens_at", "GREATEST(t.opens_at, t.create_date)", "NULL", "NULL::int4", "NULL",
        "care_stay t WHERE t.opens_at <= now() AT TIME ZONE 'UTC' AND t.end_reason IS DISTINCT FROM 'mistake'",
    ),
    "stay_end": (
        "LEAST(t.ended_at, (t.date_to + 1)::timestamp)", "LEAST(t.ended_at, (t.date_to + 1)::timestamp)", "NULL",
        "NULL::int4", "NULL",
        "care_stay t WHERE t.date_to IS NOT NULL AND (t.ended_at IS NOT NULL OR t.date_to < now()::date)"
        " AND t.end_reason IS DISTINCT FROM 'mistake'",
    ),
    "check_visit": (
        "COALESCE(t.closed_at, t.create_date)", "COALESCE(t.closed_at, t.create_date)", "NULL", "NULL::int4",
        "t.state", "care_check_visit t WHERE TRUE",
    ),
}  # fmt: skip
PART = (
    "SELECT t.id::int8 * {step} + {number} AS id, t.client_id, t.unit_id, t.company_id, {at} AS at,"
    " {appeared_at} AS appeared_at, '{source}'::varchar AS source, t.id AS res_id, {kind}::varchar AS kind,"
    " {goal_id} AS goal_id, {state}::varchar AS state FROM {rows}"
)


class CareJournalTimeline(models.Model):
    """All that has happened around a client, in one order: where it stands and when, never what it says.

    The lines obey the wall of their unit like their sources; what is shown of a line is read from its
    source as the reader, so that a source with a narrower rule keeps what it holds.
    """

    _name = "care.journal.timeline"
    _description = "Timeline"
    _inherit = ["care.walled"]
    _auto = False
    _order = "at desc, id desc"

    client_id = fields.Many2one("care.client", readonly=True)
    unit_id = fields.Many2one("care.unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    at = fields.Datetime("When", readonly=True)
    appeared_at = fields.Datetime("Came In", readonly=True)
    source = fields.Selection(SOURCES, "What", readonly=True)
    res_id = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection(selection_of("care.journal.entry", "kind"), readonly=True)
    goal_id = fields.Many2one("care.plan.goal", readonly=True)
    state = fields.Char(readonly=True)
    is_new = fields.Boolean("New to Me", compute="_compute_is_new", search="_search_is_new")

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._part(source) for source in PARTS)

    @api.model
    def _part(self, source):
        at, appeared_at, kind, goal_id, state, rows = PARTS[source]
        return SQL(  # pylint: disable=sql-injection  # nothing but the texts above
            PART.format(
                step=STEP,
                number=NUMBERS[source],
                at=at,
                appeared_at=appeared_at,
                source=source,
                kind=kind,
                goal_id=goal_id,
                state=state,
                rows=rows,
            )
        )

    # ------------------------------------------------------------------
    # Finding lines by their ids
    # ------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Ask for ids the way indexes know them: ``source`` leaves one part of the union, ``res_id`` is its key."""
        return super()._search(Domain(domain).map_conditions(self._by_source), *args, **kwargs)

    @api.model
    def _by_source(self, condition):
        if condition.field_expr != "id" or condition.operator not in ("in", "="):
            return condition
        value = condition.value
        if not isinstance(value, (int, list, tuple, set, frozenset)) and not hasattr(value, "__iter__"):
            return condition
        ids = [value] if isinstance(value, int) else list(value)
        by_source = {}
        for id_ in filter(None, ids):
            by_source.setdefault(id_ % STEP, []).append(id_ // STEP)
        return Domain.OR(
            Domain("source", "=", SOURCES[number][0]) & Domain("res_id", "in", res_ids)
            for number, res_ids in by_source.items()
            if number < len(SOURCES)
        )

    # ------------------------------------------------------------------
    # New to me
    # ------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_is_new(self):
        # sudo: on-call staff, who read a timeline by emergency access, read no looks; these are one's own
        looks_sudo = self.env["care.journal.look"].sudo()
        mine_sudo = looks_sudo.search_fetch(
            [("user_id", "=", self.env.uid), ("client_id", "in", self.client_id.ids)], ["client_id", "since"]
        )
        since = {look.client_id.id: look.since for look in mine_sudo}
        for line in self:
            last = since.get(line.client_id.id)
            line.is_new = bool(last and line.appeared_at and line.appeared_at > last)

    @api.model
    def _search_is_new(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                "%s > (SELECT l.since FROM care_journal_look l WHERE l.user_id = %s AND l.client_id = %s)",
                model._wall_column(alias, "appeared_at"),
                model.env.uid,
                model._wall_column(alias, "client_id"),
            )

        return self._boolean_domain(value, to_sql)

    # ------------------------------------------------------------------
    # To the source
    # ------------------------------------------------------------------

    def action_open_source(self):
        """The record itself, by its own rules."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[MODELS[self.source]].browse(self.res_id)
        if self.source == "objection":
            record = record.entry_id
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
