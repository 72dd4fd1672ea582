"""Keyed hashes over a canonical form of values.

The key lies in a table of its own that no model describes, so that nobody reads it through Odoo: no form,
no RPC call, no export, no administrator's list of system parameters. Whoever changes rows without knowing it
(a script, a restored table, a bug) cannot make the hashes fit again, and whoever keeps a hash cannot try out
guesses at what it stands for. It does not protect against somebody who reads the whole database as its
owner and forges with care; that takes a copy of the hashes outside, which any back-up is.
"""

import hashlib
import hmac
import json
import secrets


def install(cr):
    """Make the key once. An upgrade keeps it: with another one nothing would verify any more."""
    cr.execute("CREATE TABLE IF NOT EXISTS care_journal_key (key varchar NOT NULL)")
    cr.execute("REVOKE ALL ON care_journal_key FROM PUBLIC")
    cr.execute("SELECT key FROM care_journal_key")
    if not cr.fetchone():
        cr.execute("INSERT INTO care_journal_key (key) VALUES (%s)", [secrets.token_hex(32)])


def uninstall(cr):
    cr.execute("DROP TABLE IF EXISTS care_journal_key")


def key(cr):
    cr.execute("SELECT key FROM care_journal_key")
    return bytes.fromhex(cr.fetchone()[0])


def digest(secret, *values):
    """Hexadecimal HMAC-SHA256 of ``values``, which JSON can hold.

    :param bytes secret: what ``key`` gives
    """
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
