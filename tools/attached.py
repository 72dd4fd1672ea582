"""What Odoo lets anybody hang on a record: messages, followers, activities, files, shared filters.

What may hang on a record of ours follows from its model alone, whoever asks and by whichever door: Odoo's
routes act as superuser, so superuser is no sign of the app itself.
"""

from contextlib import contextmanager
from contextvars import ContextVar

# Set while the app hangs something of its own on a record: the context is what a caller over RPC chooses.
_BY_APP = ContextVar("care_attached_by_app", default=False)


@contextmanager
def by_app():
    """Around one call that hangs a reference, a date and a person on a record, and nothing that somebody wrote."""
    token = _BY_APP.set(True)
    try:
        yield
    finally:
        _BY_APP.reset(token)


def is_by_app():
    return _BY_APP.get()


def is_ours(model_name):
    return bool(model_name) and model_name.startswith("care.")


def has_chatter(env, model_name):
    """A screen of ours shows the record's internal notes and their files."""
    return getattr(env.registry.get(model_name), "_has_chatter", False)


def no_chat_message(env, model_name):
    model = env.get(model_name)
    return (model if hasattr(model, "_no_chat_message") else env["mail.thread"])._no_chat_message()
