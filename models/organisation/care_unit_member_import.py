from odoo import api, models


class CareUnitMember(models.Model):
    """A membership in a file is who works where from when on."""

    _name = "care.unit.member"
    _inherit = ["care.unit.member", "care.imported"]
    _import_key = ("employee_id", "unit_id", "date_from")

    @api.model
    def get_import_templates(self):
        return self._import_templates(self.env._("Staff memberships"), "members")

    @api.model
    def _import_finders(self):
        return {"unit_id": self.env["care.unit"]._import_find, "employee_id": self._import_find_employees}

    @api.model
    def _import_find_employees(self, texts):
        """Employees by login or work e-mail, else by name.

        Searched among the public employees, which every colleague may read: an administrator of
        care units needs no HR rights and learns nothing that the staff directory does not tell.
        """
        texts = list(texts)
        public = self.env["hr.employee.public"].search(
            [
                *(
                    "|",
                    "|",
                    ("name", "in", texts),
                    ("work_email", "in", texts),
                    ("user_id.login", "in", texts),
                ),
                ("company_id", "=", self.env.company.id),
            ]
        )
        found = {}
        for key in (
            lambda employee: employee.name,
            lambda employee: employee.work_email,
            lambda employee: employee.user_id.login,
        ):
            for text, employees in public.grouped(key).items():
                found[text] = self.env["hr.employee"].browse(employees.ids)
        return found
