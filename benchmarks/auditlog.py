"""OCA's auditlog beside our log: `make bench SCRIPT=auditlog AUDITLOG=/folder/with/odoo/addons SIZES=10000`.

Which ways to a client's file leave a line in which log, and what each costs. The calls are those of the
web client and of a script, each in a transaction of its own that is committed.
"""

import json
import os
import statistics
import time
from datetime import timedelta
from unittest.mock import patch

import care_client
import run

import data
from odoo import fields
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.service import model as service_model
from odoo.service import server
from odoo.service.server import thread_local
from odoo.sql_db import close_db
from odoo.tools import config

MODELS = [
    "care.client",
    "care.stay",
    "care.client.contact",
    "care.contact.person",
    "care.decision",
    "care.plan",
]
ROUNDS = 40


def main():
    options = json.loads(os.environ["BENCH_ODOO_OPTIONS"])
    options = [f"{o},{os.environ['AUDITLOG']}" if o.startswith("--addons-path") else o for o in options]
    config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    server.load_server_wide_modules()
    database = run.scratch(os.environ["BENCH_DATABASE"])
    try:
        bench = run.Bench(database, 5)
        run.grow(bench, [data, care_client], int(os.environ.get("SIZES", "10000")))
        close_db(database)
        bench.registry = Registry.new(database, install_modules=["auditlog"], update_module=True)
        subscribe(bench)
        with bench.cursor() as cr:
            user = bench.env(cr)["res.users"].create({"name": "Outsider", "login": "outsider"})
            bench.outsider = user.id
        print("\n".join(report(bench)))
    finally:
        close_db(database)
        run.admin("DROP DATABASE IF EXISTS {0} WITH (FORCE)", database)


def subscribe(bench):
    with bench.cursor() as cr:
        env = bench.env(cr)
        for name in MODELS:
            env["auditlog.rule"].create(
                {
                    "name": name,
                    "model_id": env["ir.model"]._get_id(name),
                    "log_read": True,
                    "log_write": True,
                    "log_create": True,
                    "log_unlink": True,
                    "log_export_data": True,
                    "log_type": "fast",
                }
            ).set_to_confirmed()


def ways(client_id, number):
    """``(what, method, arguments, keywords)`` of ``care.client``, as they come from outside."""
    own, spec = [("id", "=", client_id)], {"name": {}, "phone": {}}
    yield "read", "read", [[client_id], ["name"]], {}
    yield "web_read (form)", "web_read", [[client_id], spec], {}
    yield "search_read", "search_read", [own, ["name"]], {}
    yield "web_search_read (list)", "web_search_read", [own, spec], {}
    yield "search by number", "search", [[("personal_number", "=", number)]], {}
    yield "search_count by number", "search_count", [[("personal_number", "=", number)]], {}
    yield "name_search by number", "name_search", [number], {}
    yield "headings by last name", "formatted_read_group", [own, ["lastname"], ["__count"]], {}
    yield "export", "export_data", [[client_id], ["name"]], {}
    yield "write", "write", [[client_id], {"communication": "x"}], {}


def report(bench):
    log = bench.registry["care.access.log"]
    with bench.cursor() as cr:
        client = care_client.someone(bench.env(cr))
        client_id, number = client.id, client.personal_number
        bench.env(cr)["res.users"].browse(bench.users["manager"]).group_ids |= bench.env(cr).ref(
            "base.group_allow_export"
        )
    clock = fields.Datetime.now()
    yield "### Beside OCA's auditlog 19.0.2.0.1"
    yield ""
    yield (
        "Both in one scratch database; auditlog subscribed to "
        + ", ".join(f"`{name}`" for name in MODELS)
        + ", fast logs of every kind. A cross: a line in the log."
    )
    yield ""
    yield "| Way to a client's file | our log | auditlog |"
    yield "|---|---|---|"
    cases = [(what, args, "manager", False) for what, *args in ways(client_id, number)]
    cases += [
        ("read, then the request fails", next(iter(ways(client_id, number)))[1:], "manager", True),
        ("read in a read-only transaction", next(iter(ways(client_id, number)))[1:], "manager", "readonly"),
        ("an attempt that is refused", ["read", [[client_id], ["name"]], {}], "outsider", False),
    ]
    for what, (method, args, kwargs), role, fails in cases:
        clock += timedelta(minutes=5)
        with patch.object(log, "_now", lambda self, now=clock: now):
            before = counts(bench)
            call(bench, role, method, args, kwargs, fails)
            after = counts(bench)
        cells = ["x" if new > old else "-" for old, new in zip(before, after, strict=True)]
        yield f"| {what} | {cells[0]} | {cells[1]} |"
    yield ""
    yield from cost(bench, log, clock)


def call(bench, role, method, args, kwargs, fails):
    user_id = bench.users.get(role) or bench.outsider
    with bench.registry.cursor() as cr:
        if fails == "readonly":
            cr.rollback()
            cr.connection.set_session(readonly=True)
        env = bench.env(cr, user_id)
        thread_local.rpc_model_method = f"care.client.{method}"
        try:
            service_model.call_kw(env["care.client"], method, args, kwargs)
            if fails is True:
                raise AccessError("on purpose")
            cr.flush()
            cr.commit()
        except Exception as error:  # noqa: BLE001  whatever it is, the table says whether a line is left
            if not isinstance(error, AccessError):
                print("   ", method, fails, type(error).__name__, flush=True)
            cr.rollback()
        finally:
            thread_local.rpc_model_method = ""
            if fails == "readonly":
                cr.rollback()
                cr.connection.set_session(readonly=False)


def counts(bench):
    with bench.cursor() as cr:
        cr.execute("SELECT (SELECT count(*) FROM care_access_log), (SELECT count(*) FROM auditlog_log)")
        return cr.fetchone()


def cost(bench, log, clock):
    """Each screen in turn with neither, with ours and with auditlog's."""
    yield "| Screen, manager (ms to the end of the request) | neither | our log, first time | auditlog |"
    yield "|---|---:|---:|---:|"
    rules = bench.registry["auditlog.rule"]
    for screen in care_client.screens(bench):
        if screen.name not in ("client list", "client form"):
            continue
        times = {"neither": [], "ours": [], "auditlog": []}
        for turn in range(ROUNDS + 3):
            clock += timedelta(minutes=5)
            for kind in times:
                with (
                    patch.object(log, "_now", lambda self, now=clock: now),
                    patch.object(log, "_is_person", log._is_person if kind == "ours" else lambda self: False),
                    patch.object(
                        rules,
                        "create_logs",
                        rules.create_logs if kind == "auditlog" else lambda self, *args, **kwargs: None,
                    ),
                    bench.cursor() as cr,
                ):
                    env = bench.env(cr, bench.users["manager"])
                    env.user.has_group("base.group_user")
                    began = time.perf_counter()
                    screen.call(env)
                    cr.flush()
                    cr.commit()
                    if turn >= 3:
                        times[kind].append((time.perf_counter() - began) * 1000)
        medians = " | ".join(f"{statistics.median(times[kind]):.1f}" for kind in times)
        yield f"| {screen.name} | {medians} |"


if __name__ == "__main__":
    main()
