from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CareOncallTeam(models.AbstractModel):
    """What belongs to an on-call unit and is open to its members, and to them alone.

    ``of_my_team`` exists only to be searched, by record rules above all. Like the ways of
    ``care.walled`` it is one SQL condition that is evaluated anew in every query, so that access
    ends with the membership and not with a cache.
    """

    _name = "care.oncall.team"
    _description = "Of an On-call Team"

    # Where the team is found; a model with another path names it here.
    _team_unit = "unit_id"

    of_my_team = fields.Boolean(store=False, search="_search_of_my_team", exportable=False)

    @api.model
    def _search_of_my_team(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                "%s IN (SELECT m.unit_id FROM care_unit_member m WHERE %s)",
                model._field_to_sql(alias, model._team_unit, query),
                model.env["care.walled"]._wall_member("m"),
            )

        if len(value) != 1:
            return Domain.TRUE if value else Domain.FALSE
        domain = Domain.custom(to_sql=to_sql)
        return domain if next(iter(value)) else ~domain

    def _check_access(self, operation):
        """Ask the database: Odoo's own check evaluates the rules in Python, where the field has no value."""
        if result := super(CareOncallTeam, self.browse())._check_access(operation):
            return self, result[1]
        if not any(self._ids):
            return None
        rules = self.env["ir.rule"]
        domain = rules._compute_domain(self._name, operation) & Domain("id", "in", self.ids)
        allowed = self.sudo().with_context(active_test=False)._search(domain).get_result_ids()
        if forbidden := self - self.browse(allowed):
            return forbidden, lambda: rules._make_access_error(operation, forbidden)
        return None

    @api.model
    def _is_team_lead(self):
        """Whether the user has the lead's group; where, the record rules say."""
        return self.env.su or self.env.user.has_group("social_care.group_oncall_lead")
