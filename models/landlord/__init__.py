from . import (
    care_disturbance,
    care_disturbance_complainant,
    care_oncall_event,
    care_disturbance_ladder,
    care_landlord_report,
    care_safety_walk,
    care_safety_walk_point,
    care_safety_walk_point_states,
    care_safety_walk_point_again,
    care_safety_walk_point_reminder,
)
