from . import care_safety_walk_report
