from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL


class CareOncallTeam(models.AbstractModel):
    """What belongs to an on-call unit and is open to its members, and to them alone.

    ``of_my_team`` exists only to be searched, by record rules above all. Like the ways of
    ``care.walled`` it is evaluated anew for every query, so that access ends with the membership and
    not with a cache. The teams are looked up first and named in the condition: knowing how much of the
    log is theirs, PostgreSQL reads its newest page from an index instead of sorting all of it.
    """

    _name = "care.oncall.team"
    _description = "Of an On-call Team"
    _inherit = ["care.closed"]

    # Where the team is found; a model with other fields names them here.
    _team_units = ("unit_id",)

    of_my_team = fields.Boolean(store=False, search="_search_of_my_team", exportable=False)

    @api.model
    def _search_of_my_team(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            units = model._my_team_units()
            columns = [model._field_to_sql(alias, name, query) for name in model._team_units]
            return (
                SQL("(%s)", SQL(" OR ").join(SQL("%s IN %s", column, units) for column in columns))
                if units
                else SQL("FALSE")
            )

        if len(value) != 1:
            return Domain.TRUE if value else Domain.FALSE
        domain = Domain.custom(to_sql=to_sql)
        return domain if next(iter(value)) else ~domain

    @api.model
    def _my_team_units(self):
        """The ids of the on-call units that the user is a member of at this moment."""
        rows = self.env.execute_query(
            SQL(
                "SELECT m.unit_id FROM care_unit_member m JOIN care_unit u ON u.id = m.unit_id AND u.kind = 'on_call'"
                " WHERE %s",
                self.env["care.walled"]._wall_member("m"),
                to_flush=self.env["care.unit"]._fields["kind"],
            )
        )
        return tuple({unit_id for (unit_id,) in rows})

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
        super(CareOncallTeam, self.sudo()).write({"employee_ids": commands})  # pylint: disable=super-method-mismatch

    def _check_people(self):
        """Those on duty are the team's own."""
        members = self.env["care.unit.member"].sudo()  # who works where is no secret to the team
        for record in self.sudo():
            mine = members.search([("unit_id", "=", record.unit_id.id)]).employee_id
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
