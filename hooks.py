from .tools import access_log_table, frozen, keyed_hash, sql_log

# What users have made that records with names of their own (units, stays, users of the demo) are used by.
TABLES = (
    "care_plan",
    "care_disclosure",
    "care_subject_request",
    "care_retention_run",
    "care_access_change",
    "care_access_review",
    "care_emergency_access",
    "care_journal_objection",
    "care_journal_link",
    "care_journal_chain",
    "care_journal_entry",
    "care_handover",
    "care_check_visit",
    "care_oncall_event",
    "care_oncall_shift",
)


def post_load():
    """Once in each process of the server."""
    sql_log.install()


def uninstall_hook(env):
    """Take the database functions along; triggers go with their tables."""
    drop_mode_keys(env)
    frozen.drop_marked(env.cr)
    env.cr.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    keyed_hash.uninstall(env.cr)
    access_log_table.drop(env.cr)


def drop_mode_keys(env):
    """Rows refer to their unit's mode; the unique constraint behind that cannot go before them."""
    env.cr.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'f' AND conname LIKE 'care\\_%\\_mode_of_unit'"
    )
    for table, constraint in env.cr.fetchall():
        env.cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
        env.cr.execute(f"TRUNCATE {table} CASCADE")  # or its rows would keep the demo's units
    env.cr.execute("TRUNCATE care_referral_receipt, care_unit_support CASCADE")
