def migrate(cr, version):
    """Absences of the past stand as they are: Odoo would look up the working hours of each."""
    cr.execute(
        """
        ALTER TABLE resource_calendar_leaves
          ADD COLUMN IF NOT EXISTS care_from timestamp,
          ADD COLUMN IF NOT EXISTS care_to timestamp;
        UPDATE resource_calendar_leaves SET care_from = date_from, care_to = date_to WHERE care_from IS NULL
        """
    )
