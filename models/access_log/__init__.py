from . import (
    care_access_log,
    care_access_log_writing,
    care_access_log_who,
    care_access_log_seal,
    care_access_log_months,
    care_logged,
    care_logged_finding,
    care_beside,
    ir_logged,
    res_users,
    care_client,
)
