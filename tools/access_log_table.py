"""The table of the read log: partitioned by month, without foreign keys, never changed.

Neither an open transaction nor retention disturbs it: a month is made beside the table and attached, which
waits for no writer, and it is dropped as a whole. Each month has its own unique index, for a partitioned
table cannot have one that leaves out the date.
"""

# A person's readings of one kind within so many seconds are one line.
WINDOW = 300  # as in the unique index below
# How long lines are kept, unless the settings say otherwise.
MONTHS_KEPT = 60
LEAST_MONTHS = 12

TABLE = """
CREATE SEQUENCE IF NOT EXISTS care_access_log_id_seq AS bigint;
CREATE TABLE IF NOT EXISTS care_access_log (
    id bigint NOT NULL DEFAULT nextval('care_access_log_id_seq'),
    date timestamp NOT NULL,
    user_id integer NOT NULL,
    client_id integer,
    company_id integer,
    model varchar NOT NULL,
    res_id integer,
    operation varchar NOT NULL,
    channel varchar NOT NULL,
    refused boolean NOT NULL DEFAULT FALSE,
    emergency_id integer,
    reason varchar,
    PRIMARY KEY (id, date)
) PARTITION BY RANGE (date);
ALTER SEQUENCE care_access_log_id_seq OWNED BY care_access_log.id;
CREATE INDEX IF NOT EXISTS care_access_log_date_idx ON care_access_log (date, id);
CREATE INDEX IF NOT EXISTS care_access_log_client_idx ON care_access_log (client_id, date);
CREATE INDEX IF NOT EXISTS care_access_log_user_idx ON care_access_log (user_id, date);
"""

GUARD = """
CREATE OR REPLACE FUNCTION care_access_log_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the read log is not changed' USING ERRCODE = 'check_violation', TABLE = 'care_access_log';
END
$$ LANGUAGE plpgsql
"""

TRIGGERS = """
CREATE TRIGGER care_access_log_guard BEFORE UPDATE OR DELETE ON care_access_log
   FOR EACH ROW EXECUTE FUNCTION care_access_log_refuse();
CREATE TRIGGER care_access_log_guard_all BEFORE TRUNCATE ON care_access_log
   FOR EACH STATEMENT EXECUTE FUNCTION care_access_log_refuse()
"""

MAKE_MONTH = """
CREATE OR REPLACE FUNCTION care_access_log_make_month(day date) RETURNS void AS $$
DECLARE
    first date := date_trunc('month', day);
    name text := 'care_access_log_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('care_access_log_make_month'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE care_access_log INCLUDING DEFAULTS)', name);
    EXECUTE format(
        'CREATE UNIQUE INDEX ON %I (user_id, floor(extract(epoch FROM date) / 300),'
        ' (COALESCE(client_id, 0)), model, operation, channel, refused, (COALESCE(emergency_id, 0)))'
        ' WHERE operation IN (''read'', ''search'', ''export'', ''print'') OR refused', name);
    EXECUTE format(
        'CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION care_access_log_refuse()',
        name || '_guard_all', name);
    EXECUTE format(
        'ALTER TABLE care_access_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, first, first + interval '1 month');
END
$$ LANGUAGE plpgsql
"""

DROP = """
DROP TABLE IF EXISTS care_access_log CASCADE;
DROP SEQUENCE IF EXISTS care_access_log_id_seq;
DROP FUNCTION IF EXISTS care_access_log_make_month(date), care_access_log_refuse() CASCADE
"""


def make(cr):
    """Make the table where it is not; an upgrade keeps its lines and renews the functions."""
    cr.execute("SELECT to_regclass('care_access_log') IS NOT NULL")
    is_new = not cr.fetchone()[0]
    if is_new:
        cr.execute(TABLE)
    cr.execute(GUARD)
    if is_new:
        cr.execute(TRIGGERS)
    cr.execute(MAKE_MONTH)
    make_months_ahead(cr)


def make_months_ahead(cr, months=3):
    cr.execute(
        "SELECT care_access_log_make_month((now() AT TIME ZONE 'UTC' + make_interval(months => n))::date)"
        " FROM generate_series(0, %s) AS n",
        [months],
    )


def drop(cr):
    cr.execute(DROP)
