"""What a reader holds that opens and shuts files, and whether the transaction has changed something of it.

It may be changed by any way, the ORM or SQL of any kind. Odoo calls ``query_hooks`` of the thread after each statement.
What is remembered holds for as long as ``changes(cr)`` answers the same; where nobody has listened meanwhile, it
answers something new. Only a COPY past ``cr.execute`` is not heard.
"""

import itertools
import re
import threading
from collections import defaultdict

# Where it stands who is a member, stays, is shut out, has opened a file in emergency, or is on duty.
TABLES = re.compile(
    r"\bcare_(unit(_member|_served_rel)?|stay|client(_lockout)?|contact_person|emergency_access|oncall_shift(_crew)?)\b"
)
_NUMBERS = itertools.count()


class Held:
    """Rows of ``(kind, id, other id or none, opens at, closes at or none)``, and which of them hold at a moment."""

    def __init__(self, rows, since, changes, asked, whole):
        self.rows, self.since, self.changes, self.asked, self.whole = rows, since, changes, asked, whole
        self._moment, self._found = None, {}

    def at(self, now):
        """``{kind: ids, or pairs of ids}``"""
        if self._moment != now:
            found = defaultdict(set)
            for kind, id_, other_id, opens_at, closes_at in self.rows:
                if opens_at <= now and (closes_at is None or closes_at > now):
                    found[kind].add(id_ if other_id is None else (id_, other_id))
            self._moment, self._found = now, {kind: tuple(sorted(ids)) for kind, ids in found.items()}
        return self._found


def changes(cr):
    """A number that is another one after each statement on the cursor's connection that may have changed it."""
    thread = threading.current_thread()
    if not hasattr(thread, "query_hooks"):
        thread.query_hooks = []
    if _listen not in thread.query_hooks:
        thread.query_hooks.append(_listen)
        cr.connection.care_changes = next(_NUMBERS)
    elif not hasattr(cr.connection, "care_changes"):
        cr.connection.care_changes = next(_NUMBERS)
    return cr.connection.care_changes


def _listen(cr, query, *_rest):
    if may_change(query):
        cr.connection.care_changes = next(_NUMBERS)


def may_change(query):
    """Any statement but one of which it is plain that it does not: a deletion elsewhere cascades, a rollback undoes."""
    text = query.decode() if isinstance(query, bytes) else str(query)
    verb = text.lstrip()[:6].upper()
    if ";" in text:
        return True
    if verb in ("INSERT", "UPDATE"):
        return bool(TABLES.search(text))
    return verb not in ("SELECT", "SAVEPO", "RELEAS")
