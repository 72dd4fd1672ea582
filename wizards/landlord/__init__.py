from . import care_disturbance_report
