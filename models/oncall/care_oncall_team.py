from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class CareOncallTeam(models.AbstractModel):
    """What belongs to an on-call unit and is open to its members, and to them alone (``opened_by`` a ``team``)."""

    _name = "care.oncall.team"
    _description = "Of an On-call Team"
    _inherit = ["care.wall"]
    _wall_teams = ("unit_id",)

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"team": self._wall_by_team}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        people = [vals.pop("employee_ids", None) if not self.env.su else None for vals in vals_list]
        records = super().create(vals_list)
        for record, commands in zip(records, people, strict=True):
            if commands:
                record._write_people(commands)
        return records

    def write(self, vals):
        vals = dict(vals)
        people = vals.pop("employee_ids", None) if not self.env.su else None
        result = super().write(vals)
        if people is not None:
            self.check_access("write")
            self._write_people(people)
        return result

    def _write_people(self, commands):
        """Odoo asks for the right to read hr.employee before it names a colleague; care staff never get it.

        Private: create and write have checked the record, _check_people checks the colleagues. Only who is
        named changes: as superuser the other commands would hire, rewrite and remove employees.
        """
        naming = {Command.LINK, Command.UNLINK, Command.CLEAR, Command.SET}
        if any(command[0] not in naming for command in commands if isinstance(command, (list, tuple))):
            raise UserError(self.env._("Choose among the team's members. Employees are changed by HR."))
        # sudo: care staff read no employees; with these commands they are named and nothing else
        self.sudo().write({"employee_ids": commands})

    def _check_people(self):
        """Those on duty are the team's own."""
        # sudo: the writer may not belong to the team; who of the chosen is no member is all they learn
        members_sudo = self.env["care.unit.member"].sudo()
        # sudo: care staff read no employees; the names of those whom the writer has just chosen come back
        for record in self.sudo():
            mine = members_sudo.search([("unit_id", "=", record.unit_id.id)]).employee_id
            if strangers := record.employee_ids - mine:
                raise ValidationError(
                    self.env._(
                        "%(names)s is not a member of %(team)s. Add the membership first.",
                        names=", ".join(strangers.mapped("name")),
                        team=record.unit_id.name,
                    )
                )

    @api.model
    def _is_team_lead(self):
        """Whether the user has the lead's group; where, the record rules say."""
        return self.env.su or self.env.user.has_group("social_care.group_oncall_lead")
