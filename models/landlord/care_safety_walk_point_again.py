from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CareSafetyWalkPoint(models.Model):
    """What is seen again is no new task: the point links to the first one and follows its state."""

    _inherit = "care.safety.walk.point"

    @api.depends("repeat_ids", "repeated_of_id.repeat_ids")
    def _compute_seen_count(self):
        """The first sighting and those that link to it."""
        roots = {point: point.repeated_of_id or point for point in self._origin}
        ids = [root.id for root in roots.values()]
        counts = dict(self._read_group([("repeated_of_id", "in", ids)], ["repeated_of_id"], ["__count"]))
        for point in self:
            point.seen_count = 1 + counts.get(roots.get(point._origin), 0)

    @api.depends("repeat_ids.walk_id")
    def _compute_last_walk_id(self):
        groups = self._read_group([("repeated_of_id", "in", self.ids)], ["repeated_of_id"], ["id:max"])
        last = {first.id: self.browse(point_id) for first, point_id in groups}
        for point in self:
            point.last_walk_id = last.get(point._origin.id, point).walk_id

    @api.constrains("repeated_of_id", "walk_id")
    def _check_repeated_of(self):
        for point in self.filtered("repeated_of_id"):
            first = point.repeated_of_id
            if (first.area_id, first.unit_id) != (point.area_id, point.unit_id):
                raise ValidationError(
                    self.env._("The earlier point was seen in another area. Choose one of this area.")
                )
            if first.good or first.repeated_of_id or point.repeat_ids or first.date > point.date:
                raise ValidationError(
                    self.env._("Link to the first time that it was seen, on an earlier walk.")
                )

    def action_seen_again(self):
        """The walk in the context passes it and it is not mended: a link, not a new task.

        :return: the point of the walk, the one that is there already when called twice
        """
        self.ensure_one()
        self.check_access("read")
        walk = self.env["care.safety.walk"].browse(self.env.context.get("care_safety_walk_id")).exists()
        if not walk:
            raise UserError(self.env._("Open the walk first; a point is seen again on a walk."))
        first = self._first()
        first.check_access("read")
        point = walk.point_ids.filtered(lambda other: other.repeated_of_id == first)
        if not point:
            vals = {"walk_id": walk.id, "category": first.category, "place": first.place}
            self.create(vals | {"repeated_of_id": first.id})

    def _seen_again(self):
        """What was done and is there again waits anew. A declined point stays declined, with its reason."""
        self.filtered(lambda point: point.state == "done")._decide("open")

    def _link_to_earlier(self):
        """The same kind of thing at the same place, still to be mended: it is the one seen before."""
        new = self.filtered(lambda point: not point.good and not point.repeated_of_id)
        domain = self._domain_to_mend() & Domain("id", "not in", new.ids)
        domain &= Domain("area_id", "in", new.area_id.ids) & Domain("unit_id", "in", new.unit_id.ids)
        waiting = self.search(domain, order="id desc") if new else new
        earlier = {point._place_key(): point for point in waiting}
        for point in new:
            first = earlier.get(point._place_key())
            if first and first.walk_id != point.walk_id and first.date <= point.date:
                point.repeated_of_id = first

    def _place_key(self):
        self.ensure_one()
        return self.unit_id, self.area_id, self.category, " ".join((self.place or "").casefold().split())

    @api.model
    def _with_first_point(self, vals):
        """A repetition of a repetition links to the first one."""
        if not vals.get("repeated_of_id"):
            return vals
        return vals | {"repeated_of_id": self.browse(vals["repeated_of_id"])._first().id}
