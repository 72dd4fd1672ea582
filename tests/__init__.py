from . import (
    test_access_kinds,
    test_access_matrix,
    test_access_snapshot,
    test_access_verbs,
    test_care_ending,
    test_i18n,
    test_layout,
    test_rooms,
    test_social_care_menus,
)
from .core import *  # noqa: F403
from .organisation import *  # noqa: F403
from .clients import *  # noqa: F403
from .access_log import *  # noqa: F403
from .privacy import *  # noqa: F403
from .plans import *  # noqa: F403
from .visits import *  # noqa: F403
from .journal import *  # noqa: F403
from .oncall import *  # noqa: F403
from .landlord import *  # noqa: F403
from .relatives import *  # noqa: F403
from .rights import *  # noqa: F403
