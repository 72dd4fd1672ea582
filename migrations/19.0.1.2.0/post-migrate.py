def migrate(cr, version):
    """The numbers to pass on are asked for by whole months; the dates follow from that and are not stored."""
    cr.execute(
        "ALTER TABLE care_oncall_numbers DROP COLUMN IF EXISTS date_from, DROP COLUMN IF EXISTS date_to"
    )
