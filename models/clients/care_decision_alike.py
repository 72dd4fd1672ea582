from odoo import api, fields, models
from odoo.fields import Domain


class CareDecision(models.Model):
    """Hints at another that looks like the same decision. Both may stand: an authority may decide so."""

    _inherit = "care.decision"

    warning = fields.Text(compute="_compute_warning")

    @api.depends_context("uid", "lang")
    @api.depends(
        "client_id", "unit_id", "authority_id", "reference", "legal_basis_id", "date_from", "date_to"
    )
    def _compute_warning(self):
        here = Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        others = self.search(here)
        for decision in self:
            place = (decision.client_id._origin, decision.unit_id._origin)
            decision.warning = "\n".join(
                decision._alike(other)
                for other in others - decision._origin
                if (other.client_id, other.unit_id) == place and decision._alike(other)
            )

    def _alike(self, other):
        """What the two have in common, in words."""
        numbers = {(decision.reference or "").strip().casefold() for decision in (self, other)}
        words = {
            "basis": other.legal_basis_id.code,
            "date_from": other.date_from,
            "date_to": other.date_to or self.env._("until further notice"),
        }
        if numbers != {""} and len(numbers) == 1 and self.authority_id._origin == other.authority_id:
            return self.env._("%(basis)s (%(date_from)s – %(date_to)s) has the same case number.", **words)
        if self.legal_basis_id._origin == other.legal_basis_id and self._overlaps(other):
            return self.env._(
                "%(basis)s (%(date_from)s – %(date_to)s) is the same support at the same time.", **words
            )
        return ""

    def _overlaps(self, other):
        begins = bool(self.date_from) and (not other.date_to or self.date_from <= other.date_to)
        return begins and (not self.date_to or other.date_from <= self.date_to)
