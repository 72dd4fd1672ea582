from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ENDS = {"date_from", "date_to", "opens_at", "closes_at", "nothing_follows"}


class CareEnding(models.AbstractModel):
    """What a client's file rests on, and what ends, says so until somebody has acted.

    Before its last day and after, whoever is responsible is reminded (``care_stay_reminders.py``). It is over when
    something follows that holds now, when it is noted why nothing does, or when the client stays in the unit no more.
    """

    _name = "care.ending"
    _description = "Says That It Has Ended"
    _inherit = ["care.mistaken"]

    _ends_on = "date_to"
    _ends_alike = None  # the field by which another is of the same kind
    _ends_taken_over = True  # another kind that begins afterwards takes its place
    _ends_type = None  # the external id of the reminder's type

    nothing_follows = fields.Char(
        "Nothing Follows Because",
        copy=False,
        help="Once this is noted, nobody is reminded of the end any more.",
    )
    has_ended = fields.Boolean(compute="_compute_has_ended", search="_search_has_ended")

    @api.depends(lambda self: {"nothing_follows", self._ends_on} & self._fields.keys())
    def _compute_has_ended(self):
        ended = self.search([("id", "in", self.ids), ("has_ended", "=", True)])
        for record in self:
            record.has_ended = record._origin in ended

    @api.model
    def _search_has_ended(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._boolean_domain(value, lambda model, alias, query: model._sql_has_ended(alias))

    @api.model
    def _sql_has_ended(self, alias):
        """Of those that came one after the other the last, where that has ended too."""
        now, stay = fields.Datetime.now(), self.env["care.stay"]._fields
        return SQL(
            "(%(a)s.closes_at <= %(now)s AND %(told)s AND NOT %(over)s"
            " AND EXISTS (SELECT 1 FROM care_stay s WHERE s.client_id = %(a)s.client_id AND s.unit_id = %(a)s.unit_id"
            " AND s.ended_at IS NULL AND s.opens_at <= %(now)s AND (s.date_to IS NULL OR (s.date_to + 1)::timestamp"
            " AT TIME ZONE (SELECT y.care_tz FROM res_company y WHERE y.id = s.company_id)"
            " > %(now)s::timestamp AT TIME ZONE 'UTC')))",
            a=SQL.identifier(alias),
            now=now,
            told=self._sql_told_of(alias),
            over=self._sql_over(alias, SQL("%s", now)),
            to_flush=[stay[name] for name in ("ended_at", "opens_at", "date_to")],
        )

    @api.model
    def _sql_over(self, alias, moment):
        """Whether it is noted why nothing follows, or what follows holds at the moment."""
        a, ends = SQL.identifier(alias), [self._fields[name] for name in ENDS & self._fields.keys()]
        noted = SQL("TRIM(COALESCE(%s.nothing_follows, '')) <> ''", a, to_flush=ends)
        if not self._ends_alike:
            return noted
        alike = SQL("f.%(alike)s = %(a)s.%(alike)s", a=a, alike=SQL.identifier(self._ends_alike))
        return SQL(
            "(%(noted)s OR EXISTS (SELECT 1 FROM %(table)s f WHERE f.client_id = %(a)s.client_id AND f.unit_id = %(a)s.unit_id"
            " AND f.id <> %(a)s.id AND %(may)s AND f.opens_at <= %(moment)s"
            " AND (f.closes_at IS NULL OR (f.closes_at, f.id) > (%(a)s.closes_at, %(a)s.id)) AND (%(alike)s)))",
            noted=noted,
            table=SQL.identifier(self._table),
            a=a,
            may=self._sql_may_follow("f", alias),
            moment=moment,
            alike=SQL("%s OR f.date_from >= %s.date_to", alike, a) if self._ends_taken_over else alike,
        )

    @api.model
    def _sql_told_of(self, alias):
        """Which of the rows of ``alias`` somebody is to be reminded of: of none that was entered by mistake."""
        return self._sql_not_mistaken(alias)

    @api.model
    def _sql_may_follow(self, alias, ended):
        """Which of the rows of ``alias`` may follow that of ``ended``."""
        return self._sql_told_of(alias)

    @api.model
    def _sql_not_mistaken(self, alias):
        mistake = SQL.identifier(alias, "mistake_reason", to_flush=self._fields["mistake_reason"])
        return SQL("%s IS NULL", mistake)

    def write(self, vals):
        """Another last day is another end."""
        if self._ends_on in vals and any(
            record[self._ends_on] != fields.Date.to_date(vals[self._ends_on]) for record in self
        ):
            vals = {"nothing_follows": False, **vals}
        return super().write(vals)

    @api.model
    def _domain_ending(self, today, soon):
        """What ends from today to ``soon``, and what has ended and nobody has acted on."""
        told = Domain.custom(to_sql=lambda model, alias, query: model._sql_told_of(alias))
        over = Domain.custom(
            to_sql=lambda model, alias, query: model._sql_over(alias, SQL.identifier(alias, "closes_at"))
        )
        ends = Domain(self._ends_on, ">=", today) & Domain(self._ends_on, "<=", soon) & told & ~over
        return ends | Domain("has_ended", "=", True)

    @api.model
    def _models_ending(self):
        names = self.env.registry.descendants(["care.ending"], "_inherit")
        return [self.env[name] for name in sorted(names) if not self.env[name]._abstract]

    @api.model
    def _ended_texts(self, domain):
        """What has ended among the records that the reader opens: ``{(client, unit): sentences}``."""
        texts = {}
        for record in self.search(domain & Domain("has_ended", "=", True), order=f"{self._ends_on}, id"):
            texts.setdefault((record.client_id, record.unit_id), []).append(record._ended_sentence())
        return texts

    def _ended_sentence(self):
        """What has ended, when, and what to do now."""
        raise NotImplementedError
