from . import (
    test_care_plan_week,
    test_care_staff_choice,
    test_care_staff_choice_tour,
    test_care_stay_end,
    test_care_unit_member_leaving,
    test_care_stay_reopen,
    test_care_visit,
    test_care_visit_access,
    test_care_visit_tour,
)
