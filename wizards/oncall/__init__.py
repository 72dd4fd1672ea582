from . import care_check_visit_outcome, care_handover_send, care_oncall_numbers, care_oncall_shift_close
