from . import (
    test_care_mode_decision,
    test_care_neutral,
    test_care_outreach,
    test_care_referral,
    test_care_relative_contact,
    test_care_relative_neutral,
    test_care_relative_note,
    test_care_relative_report,
    test_care_relative_tour,
    test_care_support_group,
    test_care_support_invitation,
    test_care_unit_mode_change,
)
