"""Which method the caller from outside has asked for, and which of them answer a domain of the caller's own."""

from odoo.http import request
from odoo.service.server import thread_local

# Calls whose answer is made of what was found or counted, not of what was read.
FINDING = {"search", "name_search", "web_name_search", "hierarchy_read"}
COUNTING = {
    "search_count", "read_group", "formatted_read_group", "formatted_read_grouping_sets", "web_read_group",
    "read_progress_bar", "search_panel_select_range", "search_panel_select_multi_range",
}  # fmt: skip
# Every public method that takes a domain from its caller; a test walks the registry for others.
ASKING = (
    FINDING
    | COUNTING
    | {"search_read", "web_search_read", "get_activity_data", "activity_search", "mark_all_as_read"}
)  # fmt: skip


def called():
    """The model and method that the caller from outside asked for, by whichever door; or two empty strings.

    Each door has its own names for them. Those of another door are whatever the caller has added.
    """
    if request:
        params = getattr(request, "params", None) or {}
        path = request.httprequest.path
        if path.startswith("/json/"):
            return params.get("__model__", ""), params.get("__method__", "")
        if path.startswith("/web/dataset/"):
            return params.get("model", ""), params.get("method", "")
    model, _dot, method = getattr(thread_local, "rpc_model_method", "").rpartition(".")
    return model, method
