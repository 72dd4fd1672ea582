from . import care_staff_choice_decline, care_stay_end
