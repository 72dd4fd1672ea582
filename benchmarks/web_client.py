"""What the web client asks for: the specification that it derives from a view."""

from lxml import etree


def specification(env, model, view_type):
    """The fields of the view as ``web_search_read`` and ``web_read`` get them."""
    view = env[model].get_views([(False, view_type)])
    arch = etree.fromstring(view["views"][view_type]["arch"])
    return from_arch(env, model, arch)


def from_arch(env, model, arch):
    wanted = {}
    for node in arch.iter("field"):
        if is_in_sub_view(node, arch) or node.get("optional") == "hide":
            continue  # a sub-view's field, or a column that is not shown at first
        field = env[model]._fields.get(node.get("name"))
        if not field or not field.relational:
            wanted.setdefault(node.get("name"), {})
            continue
        inner = {"display_name": {}}
        sub = next((child for child in node if child.tag in ("list", "kanban")), None)
        if field.type != "many2one" and sub is not None:
            inner = from_arch(env, field.comodel_name, sub)
        wanted[field.name] = (
            {"fields": inner} if field.type == "many2one" else {"fields": inner, "limit": 40, "order": ""}
        )
    return wanted


def is_in_sub_view(node, arch):
    """Whether a field encloses the node within ``arch``, which may be a sub-view itself."""
    for above in node.iterancestors():
        if above is arch:
            return False
        if above.tag == "field":
            return True
    return False


def search_read(env, model, view_type, domain, order=None, limit=80):
    """One page of a list or kanban, and how many records there are, as far as the pager counts."""
    wanted = specifications(env, model, view_type)
    return env[model].web_search_read(domain, wanted, limit=limit, order=order, count_limit=10001)


CACHE = {}


def specifications(env, model, view_type):
    """The client fetches views once; the calls that are timed do not."""
    key = (model, view_type, env.uid)
    if key not in CACHE:
        CACHE[key] = specification(env, model, view_type)
    return CACHE[key]
