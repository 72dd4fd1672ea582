from odoo import api, models
from odoo.exceptions import UserError


class CareContactPersonReport(models.AbstractModel):
    """Odoo lets anybody who is logged in ask for any report by its address: the wall is asked here."""

    _name = "report.social_care.care_contact_person_report"
    _description = "Contact-Person Card"

    @api.model
    def _get_report_values(self, docids, data=None):
        contacts = self.env["care.contact.person"].browse(docids)
        contacts.check_access("read")
        if not all(contact.is_now for contact in contacts):
            raise UserError(
                self.env._("This contact has ended or not begun. Print the card of the one who is now.")
            )
        # sudo: care staff read no employees; every user sees a colleague's name and picture in Odoo
        return {
            "doc_ids": docids,
            "doc_model": "care.contact.person",
            "docs": contacts,
            "employees": {contact.id: contact.employee_id.sudo() for contact in contacts},
        }
