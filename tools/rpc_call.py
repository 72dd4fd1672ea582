"""What the caller from outside has asked for, and whether a search may be that caller's own question.

What is not known counts as asking: another app's method, a door with names of its own.
"""

from odoo.http import request
from odoo.service.server import thread_local

# Calls whose answer is made of what was found or counted, not of what was read.
SEARCH_METHODS = {"search", "name_search", "web_name_search", "hierarchy_read"}
COUNT_METHODS = {
    "search_count", "read_group", "formatted_read_group", "formatted_read_grouping_sets", "web_read_group",
    "read_progress_bar", "search_panel_select_range", "search_panel_select_multi_range",
}  # fmt: skip
# Calls that read rows, too: of what they find a line tells, though nothing but numbers is read of it.
SEARCH_READ_METHODS = {"search_read", "web_search_read"}
# Calls of Odoo's that take ids and values, never a condition.
RECORD_METHODS = {
    "read", "web_read", "web_save", "web_save_multi", "onchange", "export_data", "create", "write", "unlink", "copy",
    "web_override_translations", "has_access", "check_access",
}  # fmt: skip
# A door that has names of its own for what it opens: an export, a page, a route of another app.
UNKNOWN = "?"


def rpc_call():
    """The model and method that the caller from outside asked for; ``UNKNOWN`` twice at a door that is not known.

    Two empty strings where nobody has asked: a job, a test, the shell. Each door has its own names; those of
    another door are whatever the caller has added.
    """
    if request:
        params = getattr(request, "params", None) or {}
        path = request.httprequest.path
        if path.startswith("/json/2/"):
            return _known(params.get("__model__"), params.get("__method__"))
        if path.startswith("/web/dataset/"):
            return _known(params.get("model"), params.get("method"))
        return UNKNOWN, UNKNOWN
    model, _dot, method = getattr(thread_local, "rpc_model_method", "").rpartition(".")
    return model, method


def _known(model, method):
    return (model, method) if model and method else (UNKNOWN, UNKNOWN)


def is_asking(registry):
    """Whether a condition or an order may be the caller's own."""
    return rpc_call()[1] in SEARCH_METHODS | COUNT_METHODS | SEARCH_READ_METHODS or is_unknown(registry)


def is_unknown(registry):
    """Whether the call is by a door or a method that is not known: then anything in it may be the caller's own.

    Methods of ours take no conditions, but for those listed.
    """
    model, method = rpc_call()
    if not method or method in SEARCH_METHODS | COUNT_METHODS | SEARCH_READ_METHODS | RECORD_METHODS:
        return False
    return not _is_own_method(registry, model, method)


def is_ours(registry):
    """Whether nobody has asked from outside, or has called a model or a method of ours."""
    model, method = rpc_call()
    return not method or model.startswith("care.") or _is_own_method(registry, model, method)


def _is_own_method(registry, model, method):
    """What Odoo answers for each model stays Odoo's, though ours is laid over it (``base_labels.py``, ``base_seen.py``)."""
    module = getattr(getattr(registry.get(model), method, None), "__module__", "")
    return module.startswith("odoo.addons.social_care.") and not module.endswith(
        (".base_labels", ".base_seen")
    )
