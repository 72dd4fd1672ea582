"""The client list, search by name and by personal number, and the client's form."""

from run import Screen
from web_client import search_read, specifications

MODEL = "care.client"
# Whom the user opens, said as plainly as SQL can; then the same columns for the same page.
OPEN = """
    SELECT s.client_id FROM care_stay s JOIN care_unit_member m ON m.unit_id = s.unit_id
     WHERE m.user_id = %(uid)s AND m.confirmed_user_id = %(uid)s AND m.opens_at <= now() AT TIME ZONE 'UTC'
       AND (m.closes_at IS NULL OR m.closes_at > now() AT TIME ZONE 'UTC')
       AND (m.role = 'manager' OR s.opens_at <= now() AT TIME ZONE 'UTC'
            AND (s.closes_at IS NULL OR s.closes_at > now() AT TIME ZONE 'UTC'))
"""
PAGE = f"""
    SELECT c.*, u.units, d.name, p.name
      FROM (SELECT c.id, c.listed_name, c.reference, c.birth_date, c.phone, c.protection_level, count(*) OVER ()
              FROM care_client c WHERE c.id IN ({OPEN}) AND c.company_id = 1 AND {{where}}
             ORDER BY c.listed_name LIMIT 80) c
      LEFT JOIN LATERAL (SELECT array_agg(u.name) AS units, max(s.dwelling_id) AS dwelling_id
                           FROM care_stay s JOIN care_unit u ON u.id = s.unit_id
                          WHERE s.client_id = c.id AND s.date_to IS NULL) u ON TRUE
      LEFT JOIN care_dwelling d ON d.id = u.dwelling_id
      LEFT JOIN LATERAL (SELECT e.name FROM care_contact_person k JOIN hr_employee e ON e.id = k.employee_id
                          WHERE k.client_id = c.id AND k.role = 'primary' ORDER BY k.date_from DESC LIMIT 1) p ON TRUE
     ORDER BY c.listed_name
"""


def someone(env):
    """A client whom the user opens, by way of the fourth unit, which both roles know."""
    unit = env["care.unit"].search([("code", "=", "B4")])
    stay = (
        env["care.stay"]
        .sudo()
        .search([("unit_id", "=", unit.id), ("date_to", "=", False)], limit=1, order="id")
    )
    return stay.client_id


def screens(bench):
    with bench.cursor() as cursor:
        client = someone(bench.env(cursor))
        client_id, number, lastname = client.id, client.personal_number, client.lastname

    def bare(where="TRUE", **parameters):
        return lambda env: (PAGE.format(where=where), {"uid": env.uid, **parameters})

    def page(*domain):
        return lambda env: search_read(env, MODEL, "list", list(domain), order="listed_name")

    yield Screen("client list", page(), bare())
    yield Screen(
        "client search by name",
        page(("display_name", "ilike", lastname[:4])),
        bare("(c.name ILIKE %(text)s OR c.reference ILIKE %(text)s)", text=f"%{lastname[:4]}%"),
    )
    yield Screen(
        "client search by number",
        page(("display_name", "ilike", f"{number[2:8]}-{number[8:]}" if number > "1930" else number)),
        bare("c.personal_number = %(number)s", number=number),
    )
    yield Screen(
        "client form",
        lambda env: env[MODEL].browse(client_id).web_read(specifications(env, MODEL, "form")),
        bare("c.id = %(id)s", id=client_id),
    )
