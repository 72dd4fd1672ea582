from . import (
    test_care_client_access,
    test_layout,
)
