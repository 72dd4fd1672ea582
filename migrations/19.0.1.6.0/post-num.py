def migrate(cr, version):
    """Each personal number is a row among the client's numbers; from now on the database keeps it so."""
    cr.execute(
        """
        INSERT INTO care_client_number (client_id, company_id, number, kind, create_uid, create_date)
        SELECT c.id, c.company_id, c.personal_number, 'current', c.create_uid, c.create_date
          FROM care_client c
         WHERE c.personal_number IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM care_client_number n WHERE n.client_id = c.id AND n.kind = 'current')
        """
    )
