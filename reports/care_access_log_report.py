from odoo import api, fields, models
from odoo.tools import groupby


class CareAccessLogReport(models.AbstractModel):
    """Odoo lets anybody who is logged in ask for any report by its address: the manager is asked for here."""

    _name = "report.social_care.care_access_log_report"
    _description = "Who Opened the File"

    @api.model
    def _get_report_values(self, docids, data=None):
        """``docids`` are of ``care.access.log.print``. One that somebody else has filled in opens nothing."""
        wizards = self.env["care.access.log.print"].browse(docids)
        wizards.check_access("read")
        for client in wizards.client_id:
            client._check_who_opened()
        self.env["care.access.log"]._note(wizards.client_id, "print")
        return {
            "doc_ids": docids,
            "doc_model": "care.access.log.print",
            "docs": wizards,
            "persons": wizards.client_id._reader_labels(),
            "days": {wizard.id: self._days(wizard.client_id, self._lines(wizard)) for wizard in wizards},
        }

    @api.model
    def _lines(self, wizard):
        start, stop = wizard._limits()
        return self.env["care.access.log"].search(
            [
                ("client_id", "in", [wizard.client_id.id, *wizard.client_id._ids_of_doubles()]),
                ("date", ">=", start),
                ("date", "<", stop),
                ("refused", "=", False),
            ]
        )

    @api.model
    def _days(self, client, lines):
        """``(day, rows)``: one row for each person, way and emergency of a day, the latest day first."""
        zoned = lines.with_context(tz=client.company_id.care_tz)
        operations = dict(self.env["care.access.log"]._fields["operation"]._description_selection(self.env))
        channels = dict(self.env["care.access.log"]._fields["channel"]._description_selection(self.env))
        times = {line.id: fields.Datetime.context_timestamp(zoned, line.date) for line in lines}
        days = []
        for day, of_day in groupby(lines, lambda line: times[line.id].date()):
            rows = []
            for (user, channel, emergency), own in groupby(
                of_day, lambda line: (line.user_id, line.channel, line.is_emergency)
            ):
                clock = sorted({times[line.id].strftime("%H:%M") for line in own})
                # sudo: whoever opened the file is named, though Odoo may hide the login from the reader
                rows.append(
                    {
                        "who": user.sudo().care_name,
                        "title": own[0].user_title,
                        "unit": own[0].unit_names,
                        "time": clock[0] if len(clock) == 1 else f"{clock[0]}–{clock[-1]}",
                        "what": self._what(own, operations),
                        "channel": channels[channel],
                        "emergency": emergency,
                    }
                )
            days.append((day, rows))
        return days

    @api.model
    def _what(self, lines, operations):
        parts = []
        for operation, own in groupby(lines, lambda line: line.operation):
            whats = sorted({line.what for line in own})
            parts.append(f"{operations[operation]}: {', '.join(whats)}")
        return ". ".join(parts)
