from . import base_import_import, care_stay_end
from . import care_plan_activate, care_plan_end, care_plan_sign
