"""Odoo's own list of contacts, as many as there are clients: what Odoo itself costs on this machine."""

from run import Screen
from web_client import search_read

from data import FIRST, LAST, clone

ROLES = ("staff", "manager", "oncall")


def fill(bench, first, last):
    with bench.cursor() as cursor:
        env = bench.env(cursor)
        if "contact" not in bench.base:
            bench.base["contact"] = (
                env["res.partner"].create({"name": "Kontakt", "city": "Storstad", "phone": "08-1"}).id
            )
            env.flush_all()
        name = (
            f"(%(names)s)[1 + n %% {len(FIRST)}] || ' ' || (%(lasts)s)[1 + n / 7 %% {len(LAST)}] || ' ' || n"
        )
        clone(
            cursor,
            {**bench.base, "res_partner": bench.base["contact"]},
            "res_partner",
            "generate_series(%(first)s, %(last)s) AS n",
            {
                "id": "100000000 + n",
                "name": name,
                "complete_name": name,
                "commercial_partner_id": "100000000 + n",
            },
            names=FIRST,
            lasts=LAST,
            first=first,
            last=last,
        )


def screens(bench):
    bare = "SELECT id, complete_name, email, phone, city, country_id, count(*) OVER () FROM res_partner" \
           " WHERE active AND {where} ORDER BY complete_name, id DESC LIMIT 80"  # fmt: skip
    yield Screen(
        "Odoo: contact list",
        lambda env: search_read(env, "res.partner", "list", []),
        lambda env: (bare.format(where="TRUE").replace("count(*) OVER ()", "1"), {}),
    )
    yield Screen(
        "Odoo: contact search by name",
        lambda env: search_read(env, "res.partner", "list", [("display_name", "ilike", "Gran")]),
        lambda env: (bare.format(where="complete_name ILIKE '%%gran%%'"), {}),
    )
