from . import (
    test_care_access_log,
    test_care_access_log_months,
    test_care_access_log_seal,
    test_care_access_log_ways,
    test_care_access_log_who,
    test_care_access_log_writing,
    test_care_access_queries,
    test_care_logged_finding,
)
