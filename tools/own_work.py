"""Code of ours that reads or changes closed rows as superuser for whoever happens to be logged in.

Odoo and other apps read as superuser in many places, for visitors of a website too, and let the caller
choose the model. So a superuser's look at a closed row serves a person with a care role, or nobody,
unless it happens inside ``own_work()``. A flag in the context would be the caller's to set.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_OWN_WORK = ContextVar("care_own_work", default=False)


@contextmanager
def own_work():
    """What is done inside is the app's own work. Also a decorator."""
    token = _OWN_WORK.set(True)
    try:
        yield
    finally:
        _OWN_WORK.reset(token)


def is_own_work():
    return _OWN_WORK.get()
