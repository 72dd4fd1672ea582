def migrate(cr, version):
    """Before PostgreSQL is told that files of care records are private: those that were opened are closed.

    Whoever followed a record no longer does, and a shared filter is its maker's alone. What staff have
    written on activities stays until they are done. Which files were open is kept for post-migrate.py.
    """
    cr.execute(
        "CREATE TABLE care_opened_file AS SELECT id FROM ir_attachment"
        " WHERE left(res_model, 5) = 'care.' AND (public OR access_token IS NOT NULL)"
    )
    cr.execute(
        "UPDATE ir_attachment SET public = FALSE, access_token = NULL"
        " WHERE id IN (SELECT id FROM care_opened_file)"
    )
    cr.execute("DELETE FROM mail_followers WHERE left(res_model, 5) = 'care.'")
    cr.execute(
        "DELETE FROM ir_filters_res_users_rel r USING ir_filters f"
        " WHERE f.id = r.ir_filters_id AND left(f.model_id, 5) = 'care.' AND r.res_users_id <> f.create_uid"
    )
    cr.execute(
        "INSERT INTO ir_filters_res_users_rel (ir_filters_id, res_users_id)"
        " SELECT id, create_uid FROM ir_filters"
        " WHERE left(model_id, 5) = 'care.' AND create_uid IS NOT NULL ON CONFLICT DO NOTHING"
    )
