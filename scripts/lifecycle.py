"""Uninstalling leaves nothing behind, and the module can be installed again.

What the database held before the module came is compared with what it holds after it has gone.
"""

import subprocess

from common import MODULE

# What to compare: each row is named by one text.
QUERIES = {
    "table": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "view": "SELECT viewname FROM pg_views WHERE schemaname = 'public'",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = 'public'",
    "sequence": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    # those of an extension belong to the extension
    "function": """SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
                   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "external id": "SELECT module || '.' || name FROM ir_model_data WHERE module = 'social_care'",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "group": "SELECT id || ' ' || (name ->> 'en_US') FROM res_groups",
    "privilege": "SELECT id || ' ' || (name ->> 'en_US') FROM res_groups_privilege",
    "access right": "SELECT id || ' ' || name FROM ir_model_access",
    "record rule": "SELECT id || ' ' || name FROM ir_rule",
    "screen": "SELECT id || ' ' || name FROM ir_ui_view",
    "menu": "SELECT id || ' ' || (name ->> 'en_US') FROM ir_ui_menu",
    "action": "SELECT id || ' ' || (name ->> 'en_US') FROM ir_actions",
    "scheduled action": "SELECT id || ' ' || cron_name FROM ir_cron",
    "parameter": "SELECT key FROM ir_config_parameter",
    "activity type": "SELECT id || ' ' || (name ->> 'en_US') FROM mail_activity_type",
    "message": "SELECT id || ' ' || model FROM mail_message WHERE model LIKE 'care.%'",
    "activity": "SELECT id || ' ' || res_model FROM mail_activity WHERE res_model LIKE 'care.%'",
    "follower": "SELECT id || ' ' || res_model FROM mail_followers WHERE res_model LIKE 'care.%'",
    "attachment": "SELECT id || ' ' || res_model FROM ir_attachment WHERE res_model LIKE 'care.%'",
    "default value": "SELECT id || ' ' || json_value FROM ir_default",
    "user": "SELECT login FROM res_users",
    "company": "SELECT id::text FROM res_company",
}
# Odoo keeps these by itself and does not take them away
NOT_OURS = ("parameter database.", "parameter base.", "parameter mail.", "parameter web.")


def snapshot(place):
    found = set()
    for kind, statement in QUERIES.items():
        found |= {f"{kind} {name}" for (name,) in place.query(statement)}
    return {text for text in found if not text.startswith(NOT_OURS)}


def uninstall_and_reinstall(place, before, log):
    """The faults found, each one line."""
    faults = strictly(place, "uninstall", log, [])
    if not faults:
        left = sorted(snapshot(place) - before)
        faults = [f"uninstalling left behind: {text}" for text in left]
        faults += [f"uninstalling took away: {text}" for text in sorted(before - snapshot(place))]
    return faults or strictly(place, "install", log, [f"--init={MODULE}", "--with-demo"])


def strictly(place, action, log, options, addons=None):
    """Do one of odoo_side.py's actions; its failure, or any warning in its log, is a fault."""
    command = place.command(f"{action}_strictly", log, *options, addons=addons)
    done = subprocess.run(
        [str(part) for part in command], env=place.environment(), cwd="/", text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode == 0:
        return []
    said = [line for line in done.stdout.splitlines() if line.strip()][-20:]
    return [f"{action}: {line}" for line in said] or [f"{action} failed; see {log}"]
