from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import frozen

# What the database itself keeps as it is once a shift is closed: the shift, its crew, its events.
SHIFT_FROZEN = (
    "unit_id", "date_start", "date_end", "lead_id", "state", "summary", "opened_at", "closed_at",
)  # fmt: skip
EVENT_FROZEN = (
    "unit_id", "shift_id", "reference", "received_at", "channel", "kind", "reason", "client_id", "caller_kind",
    "caller_name", "caller_phone", "area_id", "dwelling_id", "departed_at", "arrived_at", "left_at",
    "description", "action_taken", "calm_before", "calm_after", "visit_outcome", "state",
)  # fmt: skip
# Deletion is the lawful retention run's alone: care_retention_lists, see tools/frozen.py.
REFUSE = """
CREATE OR REPLACE FUNCTION care_oncall_refuse(table_name text) RETURNS void AS $$
BEGIN
    RAISE EXCEPTION 'the on-call shift is closed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'care_oncall_shift_closed_is_closed', TABLE = table_name;
END
$$ LANGUAGE plpgsql
"""
SHIFT_FUNCTION = """
CREATE OR REPLACE FUNCTION care_oncall_shift_frozen() RETURNS trigger AS $$
BEGIN
    IF OLD.state <> 'closed' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF NOT care_retention_lists('care.oncall.shift', OLD.id) THEN
            PERFORM care_oncall_refuse('care_oncall_shift');
        END IF;
        RETURN OLD;
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        PERFORM care_oncall_refuse('care_oncall_shift');
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""
# Whoever writes an event holds the shift's row for share; whoever closes the shift holds it for
# update. So no event slips in while its shift is being closed (see _references_left_open).
EVENT_FUNCTION = """
CREATE OR REPLACE FUNCTION care_oncall_event_frozen() RETURNS trigger AS $$
DECLARE
    shifts integer[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        shifts := ARRAY[OLD.shift_id];
    ELSIF TG_OP = 'INSERT' THEN
        shifts := ARRAY[NEW.shift_id];
    ELSIF ({new}) IS NOT DISTINCT FROM ({old}) THEN
        RETURN NEW;
    ELSE
        shifts := ARRAY[OLD.shift_id, NEW.shift_id];
    END IF;
    PERFORM 1 FROM care_oncall_shift WHERE id = ANY(shifts) FOR SHARE;
    IF EXISTS (SELECT 1 FROM care_oncall_shift WHERE id = ANY(shifts) AND state = 'closed') THEN
        IF TG_OP <> 'DELETE' OR NOT (
            care_retention_lists('care.oncall.event', OLD.id)
            OR care_retention_lists('care.oncall.shift', OLD.shift_id)
        ) THEN
            PERFORM care_oncall_refuse('care_oncall_event');
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$ LANGUAGE plpgsql
"""
# The crew of a closed shift and the staff of its events are content as well.
CREW_FUNCTION = """
CREATE OR REPLACE FUNCTION care_oncall_crew_frozen() RETURNS trigger AS $$
DECLARE
    shift integer;
BEGIN
    IF TG_TABLE_NAME = 'care_oncall_shift_crew' THEN
        shift := CASE TG_OP WHEN 'DELETE' THEN OLD.shift_id ELSE NEW.shift_id END;
    ELSE
        SELECT e.shift_id INTO shift FROM care_oncall_event e
         WHERE e.id = CASE TG_OP WHEN 'DELETE' THEN OLD.event_id ELSE NEW.event_id END;
    END IF;
    IF EXISTS (SELECT 1 FROM care_oncall_shift WHERE id = shift AND state = 'closed')
       AND NOT care_retention_lists('care.oncall.shift', shift) THEN
        PERFORM care_oncall_refuse(TG_TABLE_NAME::text);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$ LANGUAGE plpgsql
"""
TRIGGERS = (
    ("care_oncall_shift", "UPDATE OR DELETE", "care_oncall_shift_frozen"),
    ("care_oncall_event", "INSERT OR UPDATE OR DELETE", "care_oncall_event_frozen"),
    ("care_oncall_shift_crew", "INSERT OR UPDATE OR DELETE", "care_oncall_crew_frozen"),
    ("care_oncall_event_staff", "INSERT OR UPDATE OR DELETE", "care_oncall_crew_frozen"),
)


class CareOncallShift(models.Model):
    """Closing: each event done or handed on, then shift and events are fixed, in the ORM and in the database."""

    _inherit = "care.oncall.shift"

    # The check itself is made by the triggers; the constraint carries their message.
    _closed_is_closed = models.Constraint(
        "CHECK (TRUE)",
        "The shift is closed: it and its events are not changed any more. Write what came later in the open shift.",
    )

    def _install_triggers(self):
        """After every table is there; see care_oncall_event.py, whose table comes last."""
        rows = {
            name: [", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD")]
            for name, columns in (("shift", SHIFT_FROZEN), ("event", EVENT_FROZEN))
        }
        functions = [REFUSE, CREW_FUNCTION]
        functions += [
            source.format(new=rows[name][0], old=rows[name][1])
            for name, source in (("shift", SHIFT_FUNCTION), ("event", EVENT_FUNCTION))
        ]
        for function in functions:
            self.env.cr.execute(function)
        made = ("care_oncall_refuse(text)", *(f"{function}()" for _table, _op, function in TRIGGERS))
        frozen.mark(self.env.cr, *made)
        for table, operations, function in TRIGGERS:
            names = {
                "trigger": SQL.identifier(f"{table}_guard"),
                "function": SQL.identifier(function),
                "table": SQL.identifier(table),
            }
            self.env.cr.execute(SQL("DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s", **names))
            self.env.cr.execute(
                SQL(
                    "CREATE TRIGGER %(trigger)s BEFORE %(operations)s ON %(table)s"
                    " FOR EACH ROW EXECUTE FUNCTION %(function)s()",
                    operations=SQL(operations),
                    **names,
                )
            )

    def action_close(self):
        """End the shift: nothing is left open, everything is fixed, and the report is made.

        One transaction: a server that dies in the middle leaves the shift open with everything.

        :raise UserError: while an event is open; it names them
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_team_lead():
            raise AccessError(self.env._("The lead closes the shift. Finish your events and tell the lead."))
        self._check_transition("closed")
        self.env.flush_all()
        self.env.cr.execute("SELECT 1 FROM care_oncall_shift WHERE id = %s FOR UPDATE", (self.id,))
        if references := self._references_left_open():
            raise UserError(
                self.env._(
                    "These events are still open: %(events)s. Mark each as done, or hand it on to the next shift.",
                    events=", ".join(references),
                )
            )
        self.sudo()._move({"state": "closed", "closed_at": fields.Datetime.now()})
        self.env.flush_all()
        return self.env.ref("social_care.care_oncall_shift_report_action").report_action(self)

    def _references_left_open(self):
        """Open events of the shift, those included that someone saved after this transaction began.

        The row lock keeps new ones out; what was saved just before it is visible to a fresh
        transaction alone.
        """
        # sudo: an event about a protected person is open too, though the lead may not see it
        events_sudo = self.env["care.oncall.event"].sudo()
        mine = events_sudo.search([("shift_id", "=", self.id)])
        open_ = {event.id: event.reference for event in mine if event.state == "open"}
        with self.env.registry.cursor() as fresh:
            fresh.execute(
                "SELECT id, reference FROM care_oncall_event WHERE shift_id = %s AND state = 'open'",
                (self.id,),
            )
            open_ |= {id_: reference for id_, reference in fresh.fetchall() if id_ not in set(mine.ids)}
        return sorted(open_.values())
