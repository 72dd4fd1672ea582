from odoo import api, fields, models

from .care_neutral import AGE_BANDS, NEEDS, RELATIONS


class CareUnitSupport(models.Model):
    """What a unit did for relatives itself: numbers only, in the same few fields as relative support."""

    _name = "care.unit.support"
    _description = "Unit's Own Support of Relatives"
    _order = "date desc, id desc"
    _check_company_auto = True

    unit_id = fields.Many2one(
        "care.unit",
        required=True,
        index=True,
        default=lambda self: self.env["care.unit"].search(self._domain_my_units(), limit=1),
        domain=lambda self: self._domain_my_units(),
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    date = fields.Date(required=True, default=fields.Date.context_today, happened=True)
    kind = fields.Selection(
        [("listened", "Listened"), ("referred", "Referred"), ("group", "Arranged a group")],
        "What",
        required=True,
        default="listened",
    )
    people = fields.Integer("How Many Relatives", required=True, default=1)
    minutes = fields.Integer(required=True, default=15)
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    age_band = fields.Selection(AGE_BANDS, "Age", required=True, default="unknown")
    need_code = fields.Selection(NEEDS, "Need", required=True, default="listen")
    district_id = fields.Many2one(
        "care.relative.district", "Part of the Municipality", index="btree_not_null", ondelete="restrict"
    )

    _positive = models.Constraint(
        "CHECK (people BETWEEN 1 AND 500 AND minutes BETWEEN 0 AND 1440)",
        "Write how many relatives, from 1, and the minutes, from 0.",
    )
    _unit_date_idx = models.Index("(unit_id, date DESC, id DESC)")

    @api.model
    def _domain_my_units(self):
        neutral = self.env["care.neutral"]._domain_my_units()
        return [("kind", "!=", "relative_support"), *neutral[1:]]

    @api.depends("date", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for support in self:
            support.display_name = f"{support.date or ''} {kinds.get(support.kind, '')}"
