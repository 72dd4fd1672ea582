"""Code of ours that reads or changes closed rows as superuser, whoever happens to be logged in, by whatever door.

Odoo and other apps read as superuser in many places, for visitors of a website too, and let the caller choose
the model. So a superuser's look at a closed row serves a person with a care role who has called our own code,
or nobody, unless it happens inside ``own_work()``. A flag in the context would be the caller's to set.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_SERVED = ContextVar("care_own_work", default=frozenset())


@contextmanager
def own_work(anyone=False):
    """What is done inside is the app's own work, for people with a care role. Also a decorator.

    :param anyone: for people without a care role, too: whoever keeps employees' data, for one
    """
    token = _SERVED.set(_SERVED.get() | ({"role", "anyone"} if anyone else {"role"}))
    try:
        yield
    finally:
        _SERVED.reset(token)


def serves(whom):
    """Whether what is done now is the app's own work for ``role`` or ``anyone``."""
    return whom in _SERVED.get()
