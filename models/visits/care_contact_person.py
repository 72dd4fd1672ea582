from odoo import api, fields, models

LEFT_UNIT = [("open", "To hand over"), ("done", "Handed over")]


class CareContactPerson(models.Model):
    """Whoever leaves the unit is nobody's contact person there. Coming back restores nothing: a manager decides."""

    _inherit = "care.contact.person"

    left_unit = fields.Selection(
        LEFT_UNIT,
        "No Longer in the Unit",
        readonly=True,
        copy=False,
        by_verb=True,
        help="It ended with the person's membership.",
    )

    _left_idx = models.Index("(unit_id) WHERE left_unit = 'open'")

    def write(self, vals):
        """Whoever gives it another last day has decided."""
        own = {"left_unit": False} if "date_to" in self._not_decided(vals) else {}
        with self._deciding(*own):
            return super().write({**vals, **own})

    def _end_with_membership(self, last_day):
        self._write_decided({"date_to": last_day, "left_unit": "open"})

    @api.model
    def _change(self, client, unit, employee, date_from, **how):
        contact = super()._change(client, unit, employee, date_from, **how)
        unit._tell_to_hand_over()
        return contact
