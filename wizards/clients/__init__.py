from . import care_contact_person_change, care_decision_offer, care_stay_move
