from . import (
    care_client_deceased,
    care_client_join,
    care_contact_person_change,
    care_decision_offer,
    care_stay_move,
    care_take_back,
)
