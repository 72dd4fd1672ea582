from .tools import access_log_table, keyed_hash, sql_log

FUNCTIONS = (
    "care_access_log_seal_guard()",
    "care_stay_check_places()",
    "care_dwelling_check_places()",
    "care_retention_lists(varchar, integer)",
    "care_retention_company(varchar, integer)",
    "care_plan_guard()",
    "care_plan_decision_rel_guard()",
    "care_plan_goal_guard()",
    "care_plan_goal_area_rel_guard()",
    "care_plan_line_guard()",
    "care_plan_review_guard()",
    "care_plan_review_result_guard()",
    "care_signature_guard()",
    "ir_attachment_guard()",
    "care_journal_entry_guard()",
    "care_journal_objection_guard()",
    "care_journal_chain_guard()",
    "care_journal_link_guard()",
    "care_retention_run_guard()",
    "care_retention_line_guard()",
    "care_subject_request_guard()",
    "care_subject_part_guard()",
    "care_subject_item_guard()",
    "care_disclosure_guard()",
    "care_relative_note_guard()",
    "care_relative_erasure_guard()",
    "care_oncall_shift_frozen()",
    "care_oncall_event_frozen()",
    "care_oncall_crew_frozen()",
    "care_oncall_refuse(text)",
    "care_emergency_access_guard()",
    "care_emergency_miss_guard()",
    "care_disturbance_guard()",
    "care_landlord_report_guard()",
    "care_landlord_report_case_guard()",
    "care_landlord_report_file_guard()",
    "care_safety_walk_guard()",
    "care_safety_walk_followed_rel_guard()",
    "care_safety_walk_point_guard()",
    "care_safety_walk_photo_guard()",
    "care_access_change_guard()",
    "care_access_review_guard()",
    "care_access_review_line_guard()",
)


# What users have made that records with names of their own (units, stays of the demo) are used by.
TABLES = (
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
    for function in FUNCTIONS:
        env.cr.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")
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
