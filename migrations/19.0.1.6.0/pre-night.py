def migrate(cr, version):
    """What was ordered before was late from the beginning of its time on; computed anew it would wait once more."""
    cr.execute("ALTER TABLE care_check_visit ADD COLUMN IF NOT EXISTS acknowledge_by timestamp")
    cr.execute("UPDATE care_check_visit SET acknowledge_by = window_start WHERE acknowledge_by IS NULL")
