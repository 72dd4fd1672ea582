"""Frozen in the database too: triggers that hold for plain SQL, superuser and every bug of ours.

``guard(cr, table, ...)`` writes one trigger function per table, ``<table>_guard()``, and is called from
the model's ``init``, so that an upgrade renews it. What it lets pass: lawful moves of the state, and
columns that are not content. What it refuses: changes of listed columns while a row is frozen, rows
added to a frozen parent, and DELETE of a frozen row that no approved ``care.retention.run`` lists.

A migration that must rewrite frozen rows says so, table by table::

    from odoo.addons.social_care.tools.frozen import thawed

    def migrate(cr, version):
        with thawed(cr, "care_plan", "care_plan_line"):
            cr.execute("UPDATE care_plan_line SET when_note = ... WHERE when_note IS NULL")

Content that a hash covers must not be changed even so: add a column instead, or a new version.
"""

import contextlib

from odoo.tools import SQL

# Whether an approved run of two persons lists the row; looked up by every guard, made by care.retention.run.
# A run opens nothing of another company. Rows that go with their head find it gone, once its own guard has passed it.
LISTED_FUNCTION = """
CREATE OR REPLACE FUNCTION care_retention_company(of_model varchar, of_id integer) RETURNS integer AS $$
DECLARE
    found integer;
BEGIN
    EXECUTE format('SELECT company_id FROM %I WHERE id = $1', replace(of_model, '.', '_')) INTO found USING of_id;
    RETURN found;
END
$$ LANGUAGE plpgsql STABLE;
CREATE OR REPLACE FUNCTION care_retention_lists(of_model varchar, of_id integer) RETURNS boolean AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM care_retention_line l JOIN care_retention_run r ON r.id = l.run_id
         WHERE l.model = of_model AND l.res_id = of_id AND r.state = 'approved'
           AND r.first_approver_id <> r.second_approver_id
           AND r.company_id = COALESCE(care_retention_company(of_model, of_id), r.company_id)
    );
END
$$ LANGUAGE plpgsql STABLE
"""

# Said of each function of ours in the database, so that uninstalling finds them all.
OURS = "social_care"
GUARD_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF {insert} THEN
            RAISE EXCEPTION '{table}: the parent is frozen'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}', TABLE = '{error_table}';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF ({delete}) AND NOT ({listed}) THEN
            RAISE EXCEPTION '{table} % is frozen', OLD.{key}
                USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}', TABLE = '{error_table}';
        END IF;
        RETURN OLD;
    END IF;
    IF {update} THEN
        RAISE EXCEPTION '{table} % is frozen', OLD.{key}
            USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}', TABLE = '{error_table}';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""


def changed(*columns):
    """SQL: one of the columns is given another value."""
    return "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns) + ")"


def relinked(*columns):
    """SQL: one of the references is pointed elsewhere. It may become empty when its target is lawfully deleted."""
    return (
        "("
        + " OR ".join(
            f"(OLD.{name} IS DISTINCT FROM NEW.{name} AND NEW.{name} IS NOT NULL)" for name in columns
        )
        + ")"
    )


def exists(table, condition):
    """SQL: there is such a row of ``table``, which the condition calls by that name."""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608  # names from our own code


def illegal_move(transitions, column="state"):
    """SQL: the state changes in a way that the transition table does not know."""
    pairs = ", ".join(f"('{old}', '{new}')" for old, news in transitions.items() for new in sorted(news))
    old, new = f"COALESCE(OLD.{column}, '')", f"COALESCE(NEW.{column}, '')"
    return f"({old} <> {new} AND ({old}, {new}) NOT IN ({pairs}))"


def guard(
    cr,
    table,
    *,
    update,
    delete="FALSE",
    listed="FALSE",
    insert="FALSE",
    when="",
    key="id",
    constraint=None,
    name=None,
):
    """Create or renew the guard of ``table``.

    :param update: SQL over OLD and NEW that is true for a refused change
    :param delete: SQL over OLD that is true for a frozen row
    :param listed: SQL over OLD that is true where an approved retention run lists the row
    :param insert: SQL over NEW that is true where no row may be added
    :param when: SQL over OLD that must hold for the trigger to run at all (updates and deletes only)
    :param key: the column that names the row in the error
    :param constraint: the ``models.Constraint`` that carries the message to the user
    :param name: what the guard is called, for a table that has several; the table's own name otherwise
    """
    name = name or table
    constraint = constraint or f"{table}_frozen"
    error_table = constraint.removesuffix("_frozen")
    cr.execute(  # pylint: disable=sql-injection  # names and conditions from our own code
        GUARD_FUNCTION.format(
            name=name,
            table=table,
            update=update,
            delete=delete,
            listed=listed,
            insert=insert,
            key=key,
            constraint=constraint,
            error_table=error_table,
        )
    )
    mark(cr, f"{name}_guard()")
    events = "UPDATE OR DELETE" if insert == "FALSE" else "INSERT OR UPDATE OR DELETE"
    condition = f"WHEN ({when})" if when else ""
    cr.execute(  # pylint: disable=sql-injection
        f"DROP TRIGGER IF EXISTS {name}_guard ON {table};"
        f" CREATE TRIGGER {name}_guard BEFORE {events} ON {table}"
        f" FOR EACH ROW {condition} EXECUTE FUNCTION {name}_guard()"
    )


def mark(cr, *functions):
    """Say that ``functions``, each with its types of arguments, are ours. Called where they are made."""
    for function in functions:
        cr.execute(f"COMMENT ON FUNCTION {function} IS '{OURS}'")  # pylint: disable=sql-injection


def drop_marked(cr):
    """Take our functions along, and their triggers with them."""
    cr.execute(
        "SELECT objoid::regprocedure::text FROM pg_description"
        " WHERE classoid = 'pg_proc'::regclass AND description = %s",
        [OURS],
    )
    for (function,) in cr.fetchall():
        cr.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")  # pylint: disable=sql-injection


@contextlib.contextmanager
def thawed(cr, *tables):
    """Let a migration rewrite frozen rows of ``tables``; afterwards the guards stand again.

    When the block fails its transaction is rolled back, and the guards were never gone.
    """
    for table in tables:
        cr.execute(
            SQL("ALTER TABLE %s DISABLE TRIGGER %s", SQL.identifier(table), SQL.identifier(f"{table}_guard"))
        )
    yield
    for table in tables:
        cr.execute(
            SQL("ALTER TABLE %s ENABLE TRIGGER %s", SQL.identifier(table), SQL.identifier(f"{table}_guard"))
        )
