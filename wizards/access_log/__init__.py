from . import care_access_log_print
