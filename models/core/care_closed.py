import itertools
from contextlib import nullcontext
from contextvars import ContextVar

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools.constants import PREFETCH_MAX

from ...tools.own_work import own_work, serves
from ...tools.roles import CARE_GROUPS
from ...tools.rpc_call import is_ours

OPENED = "care_opened"
_NOTHING = {}
_CHOOSING = ContextVar("care_closed_choosing", default=False)


class CareClosed(models.AbstractModel):
    """Rows that are closed unless a record rule opens them, whoever reads them for the user.

    Odoo keeps one cache for user and superuser, and asks nobody before it answers from it. Here a value
    in the cache is given only of records that the user is known to open: a query with the user's rules
    has found them in this transaction, or ``_check_access`` finds them now.

    Odoo and other apps read as superuser for people who have chosen the model themselves. Here superuser
    code serves the system, and people with a care role who have called our own code; all else is refused
    (``tools/own_work.py``).
    """

    _name = "care.closed"
    _description = "Closed unless a Rule Opens It"
    _inherit = ["care.guarded"]
    _wall = "closed"

    # Whether superuser code reads the column that it names alone: so that no more of a person lies in the cache.
    _column_by_column = True

    # ------------------------------------------------------------------
    # For the user: what may be opened
    # ------------------------------------------------------------------

    def _check_access(self, operation):
        """A record that does not exist and one that is closed give the same answer."""
        if result := super(CareClosed, self.browse())._check_access(operation):
            return self, result[1]
        result = self._refused_by_rules(operation)
        if operation == "read":
            self._remember_opened((self - result[0] if result else self)._ids)
        return result

    def _check_lasting(self):
        """For verbs that write as superuser for who may read: an emergency access opens for reading alone."""
        self.with_context(care_wall_changes=True).check_access("read")

    def fetch(self, field_names=None):
        """Odoo refuses what is closed and leaves out what does not exist; here nobody can tell them apart."""
        super().fetch(field_names)
        if self.env.su or not (field_names is None or field_names):
            return
        opened = self._opened_ids()
        if absent := self.browse(id_ for id_ in self._origin._ids if id_ not in opened):
            raise self.env["ir.rule"]._make_access_error("read", absent)

    def get_external_id(self):
        """Odoo tells anybody, and so which records there are."""
        self.check_access("read")
        return super().get_external_id()

    def export_data(self, fields_to_export):
        """Odoo exports ids without a question."""
        self.check_access("read")
        with own_work():
            return super().export_data(fields_to_export)

    # ------------------------------------------------------------------
    # For the user: what lies in the cache
    # ------------------------------------------------------------------

    @api.model
    def _opened_ids(self):
        """``{id: whether its content has been noted}`` of what the user is known to open in this transaction."""
        return self.env.cr.cache.setdefault((OPENED, self._name, self.env.uid), {})

    @api.model
    def _remember_opened(self, ids, noted=False):
        opened = self._opened_ids()
        if noted:
            opened.update(dict.fromkeys(ids, True))
        else:
            for id_ in ids:
                opened.setdefault(id_, False)

    def _opened_with(self, names):
        """Those of them that are open to the user. Of what nobody has asked for yet, these fields come along."""
        opened = self._opened_ids()
        known = self.browse(id_ for id_ in self._ids if id_ in opened)
        rest = self - known
        if not rest or not self.browse().has_access("read"):
            return known
        return known | self.browse().search_fetch([("id", "in", rest.ids)], names)

    @api.model
    def _forget_opened(self):
        """For changes of that on which the rules depend."""
        cache = self.env.cr.cache
        for key in [key for key in cache if isinstance(key, tuple) and key[0] == OPENED]:
            del cache[key]

    def _has_field_access(self, field, operation):
        """Asked by Odoo whenever a value is read, and so before it is taken from the cache."""
        # a list reads a thousand values; of a field without groups Odoo asks nothing
        if field.groups and not super()._has_field_access(field, operation):
            return False
        ids, env = self._ids, self.env
        if ids and operation == "read" and not env.su:
            opened = env.cr.cache.get((OPENED, self._name, env.uid), _NOTHING)
            if len(ids) != 1 or not opened.get(ids[0]):
                self._check_cached(field, opened)
        return True

    def _determine_fields_to_fetch(self, field_names=None, ignore_when_in_cache=False):
        """Here Odoo asks which fields there are, and gives no value."""
        token = _CHOOSING.set(True)
        try:
            return super()._determine_fields_to_fetch(field_names, ignore_when_in_cache)
        finally:
            _CHOOSING.reset(token)

    def _check_cached(self, field, opened):
        """What is fetched now is fetched with the user's rules; the rest is asked for here."""
        if _CHOOSING.get():
            return
        ids = {id_: id_ or id_.origin for id_ in self._ids}
        if self._is_content([field.name]):
            unknown = [id_ for id_, real in ids.items() if real and not opened.get(real)]
        else:
            unknown = [id_ for id_, real in ids.items() if real and real not in opened]
        if field.store:
            cached, pending = field._get_cache(self.env), self.env.transaction.tocompute.get(field, ())
            unknown = [id_ for id_ in unknown if id_ in cached or id_ in pending]
        elif not field.compute:
            return
        if unknown:
            self.browse(ids[id_] for id_ in unknown)._open_cached(field, self._prefetch_ids)

    def _open_cached(self, field, neighbours):
        """Ask for the neighbours too: a list is read one record at a time."""
        opened = self._opened_ids()
        if any(id_ not in opened for id_ in self._ids):
            near = (id_ for id_ in itertools.islice(neighbours, PREFETCH_MAX) if id_ and id_ not in opened)
            self.browse(dict.fromkeys([*self._ids, *near]))._check_access("read")
            if closed := self.browse(id_ for id_ in self._ids if id_ not in opened):
                closed.check_access("read")
        if self._is_content([field.name]):
            self._note_cached()
            self._remember_opened(self._ids, noted=True)

    @api.model
    def _is_content(self, names):
        """Whether one of the fields says something of what stands in a file."""
        return True

    def _note_cached(self):
        """For a log: the user is given content of these from the cache."""

    def _fetch_query(self, query, fields):
        if self.env.su:
            self._check_superuser("read")
        fetched = super()._fetch_query(query, fields)
        if not self.env.su:
            self._remember_opened(fetched._ids, noted=self._is_content(field.name for field in fields))
        return fetched

    # ------------------------------------------------------------------
    # For the superuser: what it reads, and whom it serves
    # ------------------------------------------------------------------

    def _fetch_field(self, field):
        """Odoo fetches all columns when one is read. For a person, superuser code reads the one it names."""
        if self.env.su and self.env.uid != SUPERUSER_ID and self._column_by_column:
            self.fetch([field.name])
        else:
            super()._fetch_field(field)

    def _compute_field_value(self, field):
        """Odoo reads display names as superuser, at every door; ours are references, by whichever model."""
        with own_work() if field.name == "display_name" else nullcontext():
            return super()._compute_field_value(field)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if self.env.su or bypass_access:
            self._check_superuser("read")
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_superuser("create")
        return super().create(vals_list)

    def write(self, vals):
        self._check_superuser("write")
        return super().write(vals)

    def unlink(self):
        self._check_superuser("unlink")
        return super().unlink()

    @api.model
    def _check_superuser(self, operation):
        """Refuse a superuser's deed for whom it does not serve."""
        if self.env.su and not self._superuser_serves():
            self._note_superuser_refused(operation)
            raise AccessError(
                self.env._(
                    "This belongs to people's files in social care. Other apps neither read nor change it."
                )
            )

    @api.model
    def _superuser_serves(self):
        if serves("anyone") or not self.env.registry.ready:  # while modules are installed their files decide
            return True
        person_id = self._person_behind()
        if person_id == SUPERUSER_ID:
            return True
        if not (serves("role") or is_ours(self.env.registry) or self._is_chatting()):
            return False
        groups = self.env["res.groups"]._get_group_definitions()
        roles = {groups.get_id(f"social_care.{name}") for name in CARE_GROUPS}
        return bool(person_id) and not roles.isdisjoint(
            self.env["res.users"].browse(person_id)._get_group_ids()
        )

    def _get_redirect_suggested_company(self):
        """For the link in an e-mail, which leads to the login or asks for access itself."""
        with own_work(anyone=True):
            return super()._get_redirect_suggested_company()

    @api.model
    def _is_chatting(self):
        """Odoo's chatter writes its notes as superuser, when it has asked for access."""
        chatter = getattr(self, "_has_chatter", False)
        return bool(chatter and request and request.httprequest.path.startswith("/mail/"))

    @api.model
    def _person_behind(self):
        """Who has asked: within a request another app's code may have become OdooBot."""
        if self.env.uid != SUPERUSER_ID or not request:
            return self.env.uid
        asks = request.env.uid if request.env else None
        return request.session.uid if asks == SUPERUSER_ID else asks

    def _note_superuser_refused(self, operation):
        """For a log."""
