from . import (
    res_company,
    res_config_settings,
    care_unit,
    care_unit_import,
    care_unit_member,
    care_unit_member_import,
    care_area,
    care_dwelling,
)
