"""The units with their occupancy."""

from run import Screen
from web_client import search_read

BARE = """
    SELECT u.id, u.name, u.kind, u.regime,
           (SELECT sum(d.places) FROM care_dwelling d WHERE d.unit_id = u.id AND d.active),
           count(s.id) FILTER (WHERE s.date_from <= CURRENT_DATE AND (s.date_to IS NULL OR s.date_to >= CURRENT_DATE)),
           count(s.id) FILTER (WHERE s.date_from > CURRENT_DATE AND s.date_from <= CURRENT_DATE + 30),
           count(s.id) FILTER (WHERE s.date_to BETWEEN CURRENT_DATE AND CURRENT_DATE + 30)
      FROM (SELECT * FROM care_unit WHERE company_id = 1 AND active AND {mine} ORDER BY sequence, name LIMIT 40) u
      LEFT JOIN care_stay s ON s.unit_id = u.id
     GROUP BY u.id, u.name, u.kind, u.regime
"""
MINE = "id IN (SELECT unit_id FROM care_unit_member WHERE user_id = %(uid)s)"


def screens(bench):
    own = [("member_ids", "any", [("user_id", "=", "uid")])]

    def page(env, domain):
        domain = [("member_ids", "any", [("user_id", "=", env.uid)])] if domain else []
        return search_read(env, "care.unit", "kanban", domain, limit=40)

    yield Screen(
        "unit occupancy, my units",
        lambda env: page(env, own),
        lambda env: (BARE.format(mine=MINE), {"uid": env.uid}),
    )
    yield Screen(
        "unit occupancy, all", lambda env: page(env, None), lambda env: (BARE.format(mine="TRUE"), {})
    )
