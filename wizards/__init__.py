from . import care_stay_end
