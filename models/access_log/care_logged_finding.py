from odoo import api, models
from odoo.fields import Domain
from odoo.models import regex_order

from ...tools.access_gathered import Gathered
from ...tools.rpc_call import (
    COUNT_METHODS,
    SEARCH_METHODS,
    SEARCH_READ_METHODS,
    is_asking,
    is_unknown,
    rpc_call,
)
from ..core.care_walled_protected import PROTECTED_FIELDS
from .care_logged import PLAIN

# What the wall itself asks of a client when protected persons are left out of a heading.
LISTABLE = ("protection_level", "=", "none")


class CareLoggedFinding(models.AbstractModel):
    """Whoever asks which records say something learns what they say, though only numbers come back.

    What a caller from outside asks directly is noted where it is answered: ``search_fetch``, ``search_count``,
    ``_read_group``. A condition on other rows (``stay_ids.client_id.lastname``) looks into this model from
    any other; Odoo asks for those rows with ``_search``, and there they are noted.
    """

    _inherit = "care.walled"

    # ------------------------------------------------------------------
    # Asked directly
    # ------------------------------------------------------------------

    @api.model
    def _is_asked(self, methods):
        """Whether the caller has asked this model by one of the methods, or in a way that is not known."""
        if self.env.su:
            return False
        model, method = rpc_call()
        return (model == self._name and method in methods) or is_unknown(self.env.registry)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        self._log_own_search()
        if is_unknown(self.env.registry) or not self._is_asked(SEARCH_METHODS):
            return super().search_fetch(domain, field_names, offset, limit, order)
        with self.env["care.access.log"]._while("search"):
            found = super().search_fetch(domain, field_names, offset, limit, order)
            found._log_note()
        if not found:
            self._log_nothing(domain)
        return found

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Whoever is offered for a choice, by name, is found and not yet opened."""
        with self.env["care.access.log"]._while("search"):
            return super().name_search(name, domain, operator, limit)

    @api.model
    @api.readonly
    def web_name_search(self, name, specification, domain=None, operator="ilike", limit=100):
        with self.env["care.access.log"]._while("search"):
            return super().web_name_search(name, specification, domain, operator, limit)

    @api.model
    @api.readonly
    def search_read(self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs):
        rows = super().search_read(domain, fields, offset, limit, order, **read_kwargs)
        self._log_listed([row["id"] for row in rows], domain)
        return rows

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        answer = super().web_search_read(domain, specification, offset, limit, order, count_limit)
        self._log_listed([row["id"] for row in answer["records"]], domain)
        return answer

    @api.model
    def _log_listed(self, ids, domain):
        """As found. What was read of them besides is told by that line alone."""
        if self._is_asked(SEARCH_READ_METHODS):
            self.browse(ids)._log_note("search")
            if not ids:
                self._log_nothing(domain or [])

    @api.model
    def search_count(self, domain, limit=None):
        self._log_own_search()
        count = super().search_count(domain, limit)
        if count:
            self._log_counted(domain, [])
        elif self._is_asked(COUNT_METHODS | SEARCH_READ_METHODS):
            self._log_nothing(domain)
        return count

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        self._log_counted(domain, [*groupby, *aggregates, *self._asked_names(having)])
        self._log_own_search()
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        self._log_counted(domain, [*(name for names in grouping_sets for name in names), *aggregates])
        self._log_own_search()
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _sql_count(self, domain, name):
        self._log_counted(domain, [name])
        self._log_own_search()
        return super()._sql_count(domain, name)

    @api.model
    def _log_counted(self, domain, specs):
        """Who is asked directly for a count or for headings by content or client tells of all that match.

        Statistics by unit, date and state, of all that the caller may open, tell of nobody.
        """
        if self._is_asked(COUNT_METHODS | SEARCH_READ_METHODS) and self._is_question(
            [*self._asked_names(domain), *specs]
        ):
            self._log_own_search()
            self._log_query(self._search(self._domain_listable(domain, specs)))

    @api.model
    def _log_nothing(self, domain):
        """That nobody is such a person, or has such a note, is an answer too."""
        if self._is_question(self._asked_names(domain)):
            self.env["care.access.log"]._note_line(self._name, "search")

    @api.model
    def _is_question(self, names):
        return any(self._reveals_content(name) for name in names) or bool(
            {name.split(".")[0].split(":")[0] for name in names} & {"id", self._wall_client}
        )

    # ------------------------------------------------------------------
    # Asked by the way
    # ------------------------------------------------------------------

    @api.model
    def _log_own_search(self):
        """The search of this model that comes next is noted by whoever calls this, or is nobody's question."""
        if not self.env.su and rpc_call()[1] and not is_unknown(self.env.registry):
            Gathered.of(self.env["care.access.log"]).asked = self._name

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if self.env.su or not rpc_call()[1]:
            return super()._search(domain, offset, limit, order, **kwargs)
        gathered = Gathered.of(self.env["care.access.log"])
        is_own, gathered.asked = gathered.asked == self._name, None
        query = super()._search(domain, offset, limit, order, **kwargs)
        if self._search_reveals_content(domain, order, is_own):
            self._log_query(query)
        return query

    @api.model
    def _search_reveals_content(self, domain, order, is_own):
        """Whether the caller's own question makes the rows, or their order, tell what they say."""
        if is_own and self._is_asked(SEARCH_METHODS | SEARCH_READ_METHODS):
            return False  # noted where it is answered
        asking = is_asking(self.env.registry)
        if order and order != self._order and self._order_reveals_content(order):
            # besides the caller's own order there are those of our code, which asks for more than ids
            return asking or {c.field_expr for c in Domain(domain).iter_conditions()} == {"id"}
        if is_own or not asking:
            return False
        conditions = list(Domain(domain).iter_conditions())
        return any(
            condition.field_expr == self._wall_client != "id"
            or (self._reveals_content(condition.field_expr) and not _is_listable(condition))
            for condition in conditions
        )

    @api.model
    def _order_reveals_content(self, order):
        matches = filter(None, (regex_order.match(part) for part in order.split(",")))
        return any(self._reveals_content(match["field"]) for match in matches)

    @api.model
    def _log_query(self, query):
        """All that the query finds, one row for each client; that it finds nothing."""
        rows = []
        if not query.is_empty():
            columns = [self._wall_client, *(["company_id"] if "company_id" in self._fields else [])]
            rows = self.env.execute_query(
                query.select(*(self._field_to_sql(self._table, name, query) for name in columns))
            )
        places = {(None, row[0], row[1] if len(row) == 2 else None) for row in rows}
        self.env["care.access.log"]._note_places(self._name, places, "search")
        if not rows:
            self.env["care.access.log"]._note_line(self._name, "search")

    # ------------------------------------------------------------------
    # What tells
    # ------------------------------------------------------------------

    @api.model
    def _asked_names(self, domain):
        return [condition.field_expr for condition in Domain(list(domain)).iter_conditions()]

    @api.model
    def _reveals_content(self, spec):
        """Whether a value at the end of the path, or the path itself, is content of a file."""
        model = self
        for name in spec.split(":")[0].split("."):
            field = model._fields.get(name)
            if not field:
                return False
            if model._wall == "file" and model._field_reveals_content(name, field):
                return True
            if not field.relational:
                return False
            model = self.env[field.comodel_name]
        return False

    @api.model
    def _field_reveals_content(self, name, field):
        if self._wall_client == "id" and name in PROTECTED_FIELDS:
            return True
        return name not in PLAIN and name != "state" and field.type not in ("date", "datetime")


def _is_listable(condition):
    return (condition.field_expr, condition.operator, condition.value) == LISTABLE or (
        condition.field_expr == LISTABLE[0]
        and condition.operator == "in"
        and set(condition.value) == {"none"}
    )
