# What guarded shifts, landlords' reports and photos until each model's own guard did; triggers go with them.
REPLACED = (
    "care_oncall_shift_frozen()",
    "care_oncall_event_frozen()",
    "care_oncall_crew_frozen()",
    "care_oncall_refuse(text)",
    "care_landlord_report_file_guard()",
    "care_safety_walk_photo_guard()",
)


def migrate(cr, version):
    for function in REPLACED:
        cr.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")  # pylint: disable=sql-injection
