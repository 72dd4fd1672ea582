from . import (
    test_care_disclosure,
    test_care_subject_request,
    test_care_subject_tour,
)
