from odoo import api, fields, models

from ...tools import frozen

# Two people who place two clients in the last free place at the same moment each see it free in
# their own snapshot. The update below makes the second wait and then fail with a serialization
# error; Odoo runs it again, and then it sees the first one's stay. No extension is needed.
PLACES_FUNCTION = """
CREATE OR REPLACE FUNCTION care_stay_check_places() RETURNS trigger AS $$
DECLARE
    free integer;
    worst integer;
BEGIN
    UPDATE care_dwelling SET places = places WHERE id = NEW.dwelling_id RETURNING places INTO free;
    SELECT max(taken) INTO worst FROM (
        SELECT (SELECT count(*) FROM care_stay t
                 WHERE t.dwelling_id = NEW.dwelling_id AND t.date_from <= day.date_from
                   AND (t.date_to IS NULL OR t.date_to >= day.date_from)
                   AND t.closes_at IS DISTINCT FROM t.opens_at AND t.end_reason IS DISTINCT FROM 'mistake') AS taken
          FROM (SELECT NEW.date_from UNION
                SELECT s.date_from FROM care_stay s
                 WHERE s.dwelling_id = NEW.dwelling_id AND s.date_from > NEW.date_from
                   AND (NEW.date_to IS NULL OR s.date_from <= NEW.date_to)) AS day
    ) AS days;
    IF worst > free THEN
        RAISE EXCEPTION 'dwelling % has % places', NEW.dwelling_id, free
            USING ERRCODE = 'check_violation', CONSTRAINT = 'care_stay_dwelling_places', TABLE = 'care_stay';
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql
"""

# The other way round: places taken away from those who live there, today or later.
LOWERED_FUNCTION = """
CREATE OR REPLACE FUNCTION care_dwelling_check_places() RETURNS trigger AS $$
DECLARE
    worst integer;
BEGIN
    SELECT max(taken) INTO worst FROM (
        SELECT (SELECT count(*) FROM care_stay t
                 WHERE t.dwelling_id = NEW.id AND t.date_from <= day.date_from
                   AND (t.date_to IS NULL OR t.date_to >= day.date_from)
                   AND t.closes_at IS DISTINCT FROM t.opens_at AND t.end_reason IS DISTINCT FROM 'mistake') AS taken
          FROM (SELECT GREATEST(s.date_from, CURRENT_DATE) AS date_from FROM care_stay s
                 WHERE s.dwelling_id = NEW.id AND (s.date_to IS NULL OR s.date_to >= CURRENT_DATE)) AS day
    ) AS days;
    IF worst > NEW.places THEN
        RAISE EXCEPTION 'dwelling % has % places taken', NEW.id, worst
            USING ERRCODE = 'check_violation', CONSTRAINT = 'care_dwelling_places_taken', TABLE = 'care_dwelling';
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql
"""


class CareDwelling(models.Model):
    """A flat or room that a unit lets, with so many places."""

    _name = "care.dwelling"
    _description = "Dwelling"
    _order = "street, name"
    _check_company_auto = True
    _rec_names_search = ["name", "street"]

    name = fields.Char("Number", required=True, help="What staff call it: 1203, Flat 4.")
    unit_id = fields.Many2one("care.unit", required=True, index=True, check_company=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    area_id = fields.Many2one("care.area", index=True, check_company=True)
    kind = fields.Selection(
        [
            ("apartment", "Flat"),
            ("room", "Room"),
            ("shared", "Shared flat"),
            ("emergency", "Emergency place"),
        ],
        required=True,
        default="apartment",
    )
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char("ZIP")
    city = fields.Char()
    places = fields.Integer(default=1, required=True)
    active = fields.Boolean(default=True)

    _places_positive = models.Constraint(
        "CHECK (places > 0)", "A dwelling has at least one place. Archive it if it is no longer let."
    )

    # The check itself is made by the trigger below; the constraint carries its message.
    _places_taken = models.Constraint(
        "CHECK (TRUE)", "More people stay or will stay in the dwelling. End or move a stay first."
    )

    def init(self):
        self.env.cr.execute(PLACES_FUNCTION)
        self.env.cr.execute(LOWERED_FUNCTION)
        frozen.mark(self.env.cr, "care_stay_check_places()", "care_dwelling_check_places()")
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS care_dwelling_places ON care_dwelling;
            CREATE TRIGGER care_dwelling_places
             AFTER UPDATE OF places ON care_dwelling
               FOR EACH ROW WHEN (NEW.places < OLD.places) EXECUTE FUNCTION care_dwelling_check_places()
            """
        )

    def write(self, vals):
        if "places" in vals:
            self.env["care.stay"].flush_model(
                ["dwelling_id", "date_from", "date_to"]
            )  # the trigger looks there
        return super().write(vals)

    @api.depends("name", "street")
    def _compute_display_name(self):
        for dwelling in self:
            dwelling.display_name = ", ".join(filter(None, [dwelling.street, dwelling.name]))
