from . import care_safety_walk_report
from . import care_plan_report
