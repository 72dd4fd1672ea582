from odoo.tools import SQL


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
    of_table = SQL.identifier(table)
    cr.execute(SQL("ALTER TABLE %s RENAME COLUMN %s TO %s", of_table, *map(SQL.identifier, (old, new))))
    keys = [f"{table}_{name}_fkey" for name in (old, new)]
    cr.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", keys[:1])
    if cr.fetchone():
        cr.execute(SQL("ALTER TABLE %s RENAME CONSTRAINT %s TO %s", of_table, *map(SQL.identifier, keys)))
    index = [SQL.identifier(f"{table}__{name}_index") for name in (old, new)]
    cr.execute(SQL("ALTER INDEX IF EXISTS %s RENAME TO %s", *index))
    cr.execute("UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", [new, model, old])
    cr.execute(
        "UPDATE ir_model_data SET name = %s WHERE module = 'social_care' AND name = %s",
        [f"field_{table}__{new}", f"field_{table}__{old}"],
    )


def rename_model(cr, old, new):
    """The table, its indexes, and everything by which Odoo names the model. Its guard is written anew by ``init``."""
    old_table, new_table = old.replace(".", "_"), new.replace(".", "_")
    cr.execute("SELECT to_regclass(%s)", [old_table])
    if not cr.fetchone()[0]:
        return
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(f"{old_table}_guard")))
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", SQL.identifier(old_table), SQL.identifier(new_table)))
    sequence = [SQL.identifier(f"{table}_id_seq") for table in (old_table, new_table)]
    cr.execute(SQL("ALTER SEQUENCE IF EXISTS %s RENAME TO %s", *sequence))
    cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [new_table])
    for (index,) in cr.fetchall():
        if index.startswith(old_table):
            renamed = index.replace(old_table, new_table, 1)
            cr.execute(SQL("ALTER INDEX %s RENAME TO %s", SQL.identifier(index), SQL.identifier(renamed)))
    for table, column in (
        ("ir_model", "model"), ("ir_model_fields", "model"), ("ir_ui_view", "model"), ("ir_act_window", "res_model"),
        ("ir_filters", "model_id"), ("ir_exports", "resource"),
    ):  # fmt: skip
        column = SQL.identifier(column)
        cr.execute(
            SQL("UPDATE %s SET %s = %s WHERE %s = %s", SQL.identifier(table), column, new, column, old)
        )
    for kind in ("", "model_", "field_", "access_"):
        cr.execute(
            "UPDATE ir_model_data SET name = %(new)s || substr(name, length(%(old)s) + 1)"
            " WHERE module = 'social_care' AND starts_with(name, %(old)s)",
            {"old": kind + old_table, "new": kind + new_table},
        )
