from . import (
    care_stay_end,
    care_staff_choice,
    care_staff_choice_fit,
    care_visit,
    care_visit_generation,
    care_visit_report,
    care_unit,
    care_task_type,
    care_stay,
    care_plan,
    care_plan_line,
    care_plan_week,
)
