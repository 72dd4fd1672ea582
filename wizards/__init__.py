from . import (
    core,
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
