from . import (
    test_access_matrix,
    test_care_client_access,
    test_care_client_tour,
    test_care_imported,
    test_care_oncall_access,
    test_care_plan_access,
    test_care_safety_walk,
    test_care_safety_walk_access,
    test_care_safety_walk_tour,
    test_care_stay_reminders,
    test_care_walled,
    test_layout,
)
