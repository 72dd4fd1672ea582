from . import care_plan_activate, care_plan_end, care_plan_sign
