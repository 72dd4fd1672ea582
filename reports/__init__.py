from . import care_safety_walk_report
from . import care_plan_report
from . import care_check_visit_report, care_oncall_numbers_report, care_oncall_shift_report
from . import care_disturbance_report
from . import care_relative_extract_report, care_subject_report, care_support_reports
from . import care_contact_person_report, care_plan_week_report
from . import care_journal_report
from . import care_access_log_report
