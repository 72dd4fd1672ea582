from psycopg2.extensions import quote_ident


def migrate(cr, version):
    """Columns, a table and their external ids take the names that the code now has for them."""
    rename_field(cr, "care.visit", "lineage", "first_line_id")
    rename_field(cr, "care.plan.review.result", "lineage_id", "first_goal_id")
    rename_model(cr, "care.emergency.miss", "care.emergency.attempt")


def rename_field(cr, model, old, new):
    table = model.replace(".", "_")
    cr.execute(
        "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s", [table, old]
    )
    if not cr.fetchone():
        return
    cr.execute(f'ALTER TABLE {quote_ident(table, cr._cnx)} RENAME COLUMN "{old}" TO "{new}"')
    cr.execute("UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", [new, model, old])
    rename_xmlids(cr, f"field_{table}__{old}", f"field_{table}__{new}", exactly=True)


def rename_model(cr, old, new):
    """The table, its indexes, and everything by which Odoo names the model. Its guard is written anew by ``init``."""
    old_table, new_table = old.replace(".", "_"), new.replace(".", "_")
    cr.execute("SELECT to_regclass(%s)", [old_table])
    if not cr.fetchone()[0]:
        return
    cr.execute(f"DROP FUNCTION IF EXISTS {old_table}_guard() CASCADE")
    cr.execute(f"ALTER TABLE {old_table} RENAME TO {new_table}")
    cr.execute(f"ALTER SEQUENCE IF EXISTS {old_table}_id_seq RENAME TO {new_table}_id_seq")
    cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [new_table])
    for (index,) in cr.fetchall():
        if index.startswith(old_table):
            cr.execute(f'ALTER INDEX "{index}" RENAME TO "{index.replace(old_table, new_table, 1)}"')
    cr.execute("UPDATE ir_model SET model = %s WHERE model = %s", [new, old])
    cr.execute("UPDATE ir_model_fields SET model = %s WHERE model = %s", [new, old])
    for table, column in (
        ("ir_ui_view", "model"), ("ir_act_window", "res_model"),
        ("ir_act_server", "model_name"), ("ir_filters", "model_id"), ("ir_exports", "resource"),
    ):  # fmt: skip
        cr.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [new, old])
    for kind in ("", "model_", "field_", "selection__", "access_"):
        rename_xmlids(cr, kind + old_table, kind + new_table)


def rename_xmlids(cr, old, new, exactly=False):
    cr.execute(
        "UPDATE ir_model_data SET name = %(new)s || substr(name, length(%(old)s) + 1)"
        " WHERE module = 'social_care' AND CASE WHEN %(exactly)s THEN name = %(old)s"
        " ELSE starts_with(name, %(old)s) END",
        {"old": old, "new": new, "exactly": exactly},
    )
