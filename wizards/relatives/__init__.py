from . import (
    care_referral_send,
    care_relative_close,
    care_relative_year,
    care_unit_mode_change,
)
