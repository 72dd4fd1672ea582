from . import (
    test_care_area,
    test_care_dwelling,
    test_care_unit,
    test_care_unit_member,
    test_res_config_settings,
)
