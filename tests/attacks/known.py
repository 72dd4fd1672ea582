"""What colleague.py is told of a database: models, fields, methods, prints and routes, read from Odoo's registry."""

import contextlib
import inspect

from odoo import fields
from odoo.models import MAGIC_COLUMNS, BaseModel

MODULE = "odoo.addons.social_care."
TEXT = ("char", "text", "html")
OPERATIONS = ("read", "write", "create")


def file_models(env):
    """The stored models whose records concern one client, and those of relative support."""
    neutral = env.registry.descendants(["care.neutral"], "_inherit")
    stored = [n for n in sorted(env.registry) if n.startswith("care.") and is_table(env[n])]
    bound = [name for name in stored if name == "care.client" or points_at_client(env[name])]
    return bound, [name for name in stored if name in neutral]


def is_table(model):
    return not model._abstract and not model._transient and model._auto


def points_at_client(model):
    client = model._fields.get("client_id")
    return client and client.store and client.comodel_name == "care.client"


def stored_texts(model):
    """Columns that hold words in one language."""
    return [
        name
        for name, field in model._fields.items()
        if field.type in TEXT and field.store and field.column_type and not field.translate
    ]


def known_models(env):
    """The module's models, and those of others that can point at a file."""
    bound, neutral = file_models(env)
    found = {}
    for name in sorted(env.registry):
        model = env[name]
        if model._abstract:
            continue
        kind = "client" if name in bound else "relative" if name in neutral else ""
        if not kind and name.startswith("care.") and "client_id" in model._fields and not model._transient:
            kind = "client"  # views of our own over the file
        found[name] = {
            "kind": kind,
            "transient": model._transient,
            "auto": model._auto,
            "table": model._table,
            "signed": model._log_access,
            "thread": "message_ids" in model._fields,
            "fields": known_fields(model),
            "methods": public_methods(type(model)),
        }
    files = {name for name, model in found.items() if model["kind"]}
    return {
        name: model
        for name, model in found.items()
        if name.startswith("care.")
        or files & {field.get("target") for field in model["fields"].values() if field["type"] == "many2one"}
    }


def known_fields(model):
    known = {}
    for name, field in model._fields.items():
        if name in MAGIC_COLUMNS or field.type in ("properties", "properties_definition"):
            continue
        known[name] = {
            "type": field.type,
            "stored": bool(field.store and field.column_type),
            "readonly": bool(field.readonly),
        }
        if field.relational:
            known[name]["target"] = field.comodel_name
        if field.type == "selection":
            known[name]["values"] = field.get_values(model.env)
        if field.type == "many2one_reference":
            known[name]["model_field"] = field.model_field
        if (
            field.required
            and not field.readonly
            and not field.default
            and not field.compute
            and not field.related
        ):
            known[name]["needed"] = True
    return known


def public_methods(model_class):
    """What the module itself offers to callers, by name: its parameters, and whether it takes no records."""
    methods = {}
    for parent in model_class.mro():
        if not parent.__module__.startswith(MODULE):
            continue
        for name, value in vars(parent).items():
            function = getattr(model_class, name, None)
            if name.startswith("_") or not inspect.isfunction(value) or hasattr(BaseModel, name):
                continue
            if getattr(value, "_api_private", False) or getattr(function, "_api_private", False):
                continue
            parameters, _open = parameters_of(function)
            methods[name] = {
                "parameters": parameters[1:],
                "model": bool(getattr(function, "_api_model", False)),
            }
    return methods


def parameters_of(function):
    """The names of a function's parameters, and whether it takes any others."""
    parameters = inspect.signature(function).parameters.values()
    named = [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    return named, any(p.kind == p.VAR_KEYWORD for p in parameters)


def known_rights(env, user):
    """In which models the user may do what at all: to spend the attempts where something can happen."""
    access = env(user=user)["ir.model.access"]
    return {
        operation: [n for n in sorted(env.registry) if access.check(n, operation, raise_exception=False)]
        for operation in OPERATIONS
    }


def known_reports(env):
    reports = env["ir.actions.report"].search([("model", "=like", "care.%")])
    return [{"name": report.report_name, "model": report.model} for report in reports]


def known_routes(env):
    """Every route of the database, Odoo's own included, with what its handler takes."""
    routes = []
    for rule in env["ir.http"].routing_map().iter_rules():
        routing = rule.endpoint.routing
        parameters, takes_more = parameters_of(rule.endpoint.func)
        routes.append(
            {
                "rule": rule.rule,
                "path": {name: getattr(rule._converters[name], "model", None) for name in rule._converters},
                "json": routing["type"] == "jsonrpc",
                "methods": sorted(rule.methods or ["GET", "POST"]),
                "parameters": [name for name in parameters if name != "self"],
                "more": takes_more,
                "ours": rule.endpoint.func.__module__.startswith(MODULE),
            }
        )
    return sorted(routes, key=lambda route: route["rule"])


def known_snippets(env):
    """What the public may have filled, where a website is installed: templates, and the filters that fill them."""
    views = env["ir.ui.view"].search([("key", "like", ".dynamic_filter_template_")])
    filters = env["website.snippet.filter"].search([]).ids if "website.snippet.filter" in env else []
    return {"template_key": sorted(set(views.mapped("key"))), "filter_id": filters}


def known_defaults(env, models):
    """A record of each model that files do not hold, to be named where one is needed."""
    some = {}
    targets = {f["target"] for m in models.values() for f in m["fields"].values() if f.get("target")}
    for name in sorted(targets - {None}):
        model = env[name]
        if is_table(model) and not models.get(name, {}).get("kind"):
            with contextlib.suppress(Exception):  # a model of others that does not search so
                some[name] = model.search([], limit=1, order="id").id
    return some | {"date": fields.Date.to_string(fields.Date.today())}
