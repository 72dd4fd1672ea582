def migrate(cr, version):
    """Who had received a referral was noted as the receipt's last writer, which the sending unit can read."""
    cr.execute("UPDATE care_referral_receipt SET write_uid = create_uid WHERE write_uid <> create_uid")
