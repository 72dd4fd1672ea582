from . import (
    test_care_kept_tour,
    test_care_plan,
    test_care_plan_access,
    test_care_plan_chain_tour,
    test_care_plan_changes,
    test_care_plan_frozen,
    test_care_plan_reminder,
    test_care_plan_report,
    test_care_plan_signing,
    test_care_plan_speed,
    test_care_plan_tour,
    test_ir_attachment,
)
