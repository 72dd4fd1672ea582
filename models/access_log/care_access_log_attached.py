import itertools
import re

from odoo import api, models
from odoo.fields import Domain

from ...tools.rpc_call import is_asking


class CareAccessLogAttached(models.AbstractModel):
    """A file, message or activity that may hang on a walled record, and tells of it.

    Whoever asks which of them say something learns it from the ids alone: a search, a count or a group by
    what they say is noted as reading the records that they hang on.
    """

    _name = "care.access.log.attached"
    _description = "Beside a Record"

    # The fields that hold what somebody wrote, and the one that names the model of the record.
    _content_fields = frozenset()
    _model_field = "res_model"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if self._is_asked(domain, order=order):
            self._note_found(query)
        return query

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        if self._is_asked(specs=[*groupby, *aggregates]):
            self._note_found(self._search(domain))
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        if self._is_asked(specs=[*itertools.chain(*grouping_sets), *aggregates]):
            self._note_found(self._search(domain))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _is_asked(self, domain=(), specs=(), order=None):
        """Whether a caller from outside asks what is said: an answer in ids tells it."""
        if self.env.su or not is_asking(self.env.registry):
            return False
        asked = [condition.field_expr for condition in Domain(list(domain)).iter_conditions()]
        asked += [*specs, *(part.strip() for part in (order or "").split(","))]
        return any(re.split("[.: ]", name)[0] in self._content_fields for name in asked)

    @api.model
    def _note_found(self, query):
        if not query.is_empty():
            self.browse(query.get_result_ids())._note_held()

    def _note_held(self, operation=None):
        """Note the walled records that these hang on."""
        by_model = {}
        # sudo: where each hangs goes into the log, whatever of it is open; what it says is not read
        for record_sudo in self.sudo():
            model = self.env.get(record_sudo[self._model_field])
            if model is not None and model._wall == "file" and record_sudo.res_id:
                by_model.setdefault(model._name, []).append(record_sudo.res_id)
        for model, ids in by_model.items():
            self.env["care.access.log"]._note(self.env[model].browse(ids), operation)
