from . import base_import_import, care_stay_end
