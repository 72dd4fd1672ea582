from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_duration

# When a part of the day begins, where the plan names no hour.
DAY_PART_HOURS = {"morning": 7, "midday": 11, "afternoon": 14, "evening": 18, "night": 22}


class CarePlanLine(models.Model):
    """Who comes, as things are today: the plan says how that is decided, life says who it is."""

    _inherit = "care.plan.line"

    performer_today_id = fields.Many2one("hr.employee", "Who Comes", compute="_compute_performer_today_id")

    @api.depends("responsible", "performer_id", "task_type_id", "client_id", "unit_id")
    def _compute_performer_today_id(self):
        chosen, contacts, here = self._first_chosen(), self._contact_persons(), self._working_here()
        for line in self:
            place = (line.client_id, line.unit_id)
            named = line.performer_id & here(line.unit_id)
            if line.responsible == "chosen":
                line.performer_today_id = chosen.get((*place, line.task_type_id)) or named
            elif line.responsible == "contact_person":
                line.performer_today_id = contacts.get(place)
            else:
                line.performer_today_id = named if line.responsible == "unit" else False

    @api.onchange("responsible", "task_type_id")
    def _onchange_chosen(self):
        """Whom the client has chosen for the task is proposed; a convenience, the writer decides."""
        if self.responsible == "chosen" and not self.performer_id:
            self.performer_id = self._first_chosen().get(
                (self.client_id._origin, self.unit_id._origin, self.task_type_id._origin)
            )

    def _first_chosen(self):
        """``{(client, unit, task type): employee}``: whom the client wants most, of those accepted."""
        choices = self.env["care.staff.choice"]
        found, here = {}, self._working_here()
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("state", "=", "accepted")
        accepted = choices.search(domain & choices._domain_now(), order="priority, id")
        for choice in accepted.filtered(lambda choice: choice.employee_id in here(choice.unit_id)):
            found.setdefault((choice.client_id, choice.unit_id, choice.task_type_id), choice.employee_id)
        return found

    def _contact_persons(self):
        """``{(client, unit): employee}``: the contact person, or the deputy while that one is away."""
        contacts = self.env["care.contact.person"]
        now = contacts.search(Domain("client_id", "in", self.client_id.ids) & contacts._domain_now())
        found, here = {}, self._working_here()
        now = now.filtered(lambda contact: contact.employee_id in here(contact.unit_id))
        for contact in now.sorted(lambda contact: (bool(contact.absent_until), contact.role != "primary")):
            found.setdefault((contact.client_id, contact.unit_id), contact.employee_id)
        return found

    def _working_here(self):
        """A function of a unit: who works there now. Whoever has left, or waits to be confirmed, does not come."""
        # sudo: memberships are no secret to the unit; they decide who of those named comes
        here = self.env["care.unit.member"].sudo()._employees_by_unit(self.unit_id)
        employees = self.env["hr.employee"]
        by_id = {unit.id: found.with_env(self.env) for unit, found in here.items()}
        return lambda unit: by_id.get(unit._origin.id, employees)

    def _who_text(self):
        """Who comes, in words for the week and its print."""
        self.ensure_one()
        if self.performer_today_id:
            # sudo: care staff read no employees; the name of the colleague who comes is on the client's week
            return self.performer_today_id.sudo().name
        names = {
            "client": self.env._("I do it myself"),
            "other": self.performer_other or self.env._("Someone else"),
            "unit": self.env._("Staff"),
            "contact_person": self.env._("Contact person"),
        }
        return names.get(self.responsible, self.env._("Staff"))

    def _week_key(self):
        parts = [part for part, _label in self._fields["day_part"].selection]
        hour = self.time_from or DAY_PART_HOURS.get(self.day_part, 8)
        return (hour, parts.index(self.day_part) if self.day_part else 0, self.sequence, self.id)

    def _week_item(self):
        labels = dict(self._fields["day_part"]._description_selection(self.env))
        time = format_duration(self.time_from) if self.time_from else labels.get(self.day_part, "")
        return {"time": time, "what": self.name, "who": self._who_text(), "own": self.own_part}
