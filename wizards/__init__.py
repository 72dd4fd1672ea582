from . import care_print_period
from . import base_import_import, care_access_log_print, care_stay_end
from . import care_plan_activate, care_plan_end, care_plan_sign
from . import (
    care_check_visit_outcome,
    care_handover_send,
    care_oncall_numbers,
    mail_activity_schedule,
    mail_compose_message,
)
from . import care_disturbance_report
from . import care_referral_send, care_relative_close, care_relative_year, care_unit_mode_change
from . import care_contact_person_change, care_decision_offer, care_staff_choice_decline
from . import care_emergency_judge, care_emergency_open
from . import care_subject_answer, care_subject_hand_over, care_subject_judge, care_subject_open
from . import care_journal_print, care_journal_strike
from . import privacy_lookup_wizard
