from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang


class ReportCareSupportLetter(models.AbstractModel):
    _name = "report.social_care.care_support_letter_report"
    _description = "Letters to the Participants of a Group"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Letters for those who have a place and got no e-mail. They do not tell what the meeting is about."""
        groups = self.env["care.support.group"].browse(docids)
        groups.check_access("read")
        people = groups.participant_ids.filtered(
            lambda person: person.name and person.state == "invited" and not person.invited_on
        )
        if not people:
            raise UserError(
                self.env._("Nobody waits for a letter: all with a place take part or were invited by e-mail.")
            )
        names = ("name", "street", "zip", "city")
        letters = [
            {**person._invitation(), **{name: person[name] or "" for name in names}} for person in people
        ]
        return {"doc_ids": docids, "doc_model": "care.support.group", "docs": groups, "letters": letters}


class ReportCareSupportList(models.AbstractModel):
    _name = "report.social_care.care_support_list_report"
    _description = "List of a Group's Participants"

    @api.model
    def _get_report_values(self, docids, data=None):
        """First names, card numbers or empty lines: what the unit's mode lets lie on a table."""
        groups = self.env["care.support.group"].browse(docids)
        groups.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "care.support.group",
            "docs": groups,
            "sessions": {group.id: group.session_ids.sorted("date_start")[:8] for group in groups},
            "lines": {group.id: self._lines(group) for group in groups},
        }

    def _lines(self, group):
        if group.mode == "none":
            return [str(number + 1) for number in range(group.booked_heads or group.places)]
        people = group.participant_ids.filtered(lambda person: person.state in ("invited", "joined"))
        if group.mode == "pseudonym":
            return [person.alias for person in people]
        return [(person.name or person.alias).split()[0] for person in people]


class ReportCareRelativeLeaflet(models.AbstractModel):
    _name = "report.social_care.care_relative_leaflet_report"
    _description = "Leaflet of Relative Support"

    @api.model
    def _get_report_values(self, docids, data=None):
        units = self.env["care.unit"].browse(docids)
        units.check_access("read")
        if any(unit.kind != "relative_support" for unit in units):
            raise UserError(self.env._("The leaflet is for relative-support units."))
        return {"doc_ids": docids, "doc_model": "care.unit", "docs": units}


class ReportCareRelativeYear(models.AbstractModel):
    _name = "report.social_care.care_relative_year_report"
    _description = "Yearly Report of Relative Support"

    @api.model
    def _get_report_values(self, docids, data=None):
        years = self.env["care.relative.year"].browse(docids)
        years.check_access("read")
        if self.env.su:
            raise AccessError(self.env._("Relative supporters print the report of their units."))
        years._check_may_print()
        report = self.env["care.relative.report"]
        return {
            "doc_ids": docids,
            "doc_model": "care.relative.year",
            "docs": years,
            "tables": {year.id: report._year_lists(year.unit_ids, year.year) for year in years},
            "today": fields.Date.context_today(report),
            "figures": {year.id: report._year_figures(year.unit_ids, year.year) for year in years},
            "written": self._written,
        }

    def _written(self, number):
        """A number as the reader writes it, or a dash for one that is hidden."""
        if number is None:
            return "-"
        return formatLang(self.env, number, digits=1 if isinstance(number, float) else 0)
