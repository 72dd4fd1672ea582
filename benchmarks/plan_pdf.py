"""A hundred plan PDFs of 10 goals and 40 lines, beside an empty report through the same printer.

    make bench SCRIPT=plan_pdf

Prints milliseconds per PDF: the page as HTML, the whole PDF, and the PDF of an empty page with the same
layout, which is Odoo's and wkhtmltopdf's own share. One document is printed per call, as on the screen.
"""

import json
import logging
import os
import statistics
import threading
import time

from werkzeug.serving import make_server

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

PLANS = int(os.environ.get("PLANS") or 100)
PLAN = "social_care.care_plan_report_document"
EMPTY = "bench.empty_report"


def serve():
    """wkhtmltopdf asks the server for the styles."""
    from odoo import http

    server = make_server("127.0.0.1", 0, http.root, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.port}"


def prepare(env, address):
    for key in ("web.base.url", "report.url"):
        env["ir.config_parameter"].set_param(key, address)
    view = env["ir.ui.view"].create(
        {
            "name": EMPTY,
            "key": EMPTY,
            "type": "qweb",
            "arch": '<t t-name="bench.empty_report"><t t-call="web.html_container"><t t-foreach="docs" t-as="o">'
            '<t t-call="web.external_layout"><div class="page">.</div></t></t></t></t>',
        }
    )
    env["ir.model.data"].create(
        {"module": "bench", "name": "empty_report", "model": "ir.ui.view", "res_id": view.id}
    )
    report = env["ir.actions.report"].create({"name": "Empty", "model": "care.plan", "report_name": EMPTY})
    unit = env["care.unit"].create({"name": "Enhet", "code": "PDF"})
    plans = env["care.plan"]
    for number in range(PLANS):
        client = env["care.client"].create({"firstname": "Test", "lastname": f"Test {number}"})
        env["care.stay"].create({"client_id": client.id, "unit_id": unit.id})
        plans += env["care.plan"].create(
            {
                "client_id": client.id,
                "unit_id": unit.id,
                "own_goals": "Jag vill ha lugn och ro. " * 5,
                "goal_ids": [(0, 0, {"name": f"Mål {goal}"}) for goal in range(10)],
            }
        )
    env["care.plan.line"].create([_line(goal, number) for goal in plans.goal_ids for number in range(4)])
    env.cr.commit()  # the server's threads read it
    return plans, report


def _line(goal, number):
    return {
        "goal_id": goal.id,
        "name": f"Rad {number}",
        "own_part": "Jag skriver listan och bär hem det som är lätt.",
        "staff_part": "Följer med till affären.",
        "responsible": "unit",
        "monday": True,
        "how": "Gå lugnt, ta en sak i taget och fråga innan något flyttas.",
    }


def timed(env, plans, render, name):
    times = []
    for plan in plans:
        env.invalidate_all()
        began = time.perf_counter()
        content = render(name, plan.ids)[0]
        times.append((time.perf_counter() - began) * 1000)
    if render.__name__.endswith("pdf") and content[:4] != b"%PDF":
        raise SystemExit("wkhtmltopdf did not answer with a PDF")
    return times


def main():
    config.parse_config(json.loads(os.environ["BENCH_ODOO_OPTIONS"]))
    database = os.environ["BENCH_DATABASE"]
    config["db_name"] = [database]
    for name in ("werkzeug", "odoo.addons.base.models.ir_actions_report"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"lang": "en_US"})
        plans, report = prepare(env, serve())
        reports = env["ir.actions.report"]
        try:
            for name in (PLAN, EMPTY):
                reports._render_qweb_pdf(name, plans[:1].ids)  # bundles of styles are made once
            print(f"{len(plans)} plans of 10 goals and 40 lines; load {os.getloadavg()[0]:.1f}")
            for label, render, name in (
                ("the plan's page as HTML", reports._render_qweb_html, PLAN),
                ("the plan as PDF", reports._render_qweb_pdf, PLAN),
                ("an empty page as PDF", reports._render_qweb_pdf, EMPTY),
            ):
                times = timed(env, plans, render, name)
                print(
                    f"{label:26} median {statistics.median(times):7.0f} ms, slowest {max(times):7.0f} ms",
                    flush=True,
                )
        finally:
            cr.rollback()
            env["ir.model.data"].search([("module", "=", "bench")]).unlink()
            report.unlink()
            env["ir.ui.view"].search([("key", "=", EMPTY)]).unlink()
            cr.commit()


if __name__ == "__main__":
    main()
