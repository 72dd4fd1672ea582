# In this order: a room names only itself and those above it (tests/test_rooms.py).
from . import (
    core,
    organisation,
    clients,
    access_log,
    privacy,
    plans,
    visits,
    journal,
    oncall,
    landlord,
    relatives,
    rights,
)
