"""Where an administrator makes Odoo read as superuser: code, jobs, prints and pages, switches."""

from odoo import models

# Parameters by which more opens, or less is seen of it.
SWITCHES = {"mail.restrict.template.rendering"}


class IrActionsServer(models.Model):
    _name = "ir.actions.server"
    _inherit = ["care.watched", "ir.actions.server"]
    _care_kind = "code"
    _care_watched_fields = ("state", "code", "webhook_url", "model_id")

    def _care_watched_rows(self):
        return self.filtered(lambda action: action.state in ("code", "webhook"))


class IrModelFields(models.Model):
    _name = "ir.model.fields"
    _inherit = ["care.watched", "ir.model.fields"]
    _care_kind = "code"
    _care_watched_fields = ("compute", "related")

    def _care_watched_rows(self):
        return self.filtered(lambda field: field.state == "manual" and (field.compute or field.related))


class IrCron(models.Model):
    """The app's own jobs: reminders and alarms stop with them."""

    _name = "ir.cron"
    _inherit = ["care.watched", "ir.cron"]
    _care_kind = "job"
    _care_watched_fields = ("active", "user_id", "interval_number", "interval_type", "nextcall")

    def _care_watched_rows(self):
        return self.filtered(lambda job: (job.model_id.model or "").startswith("care."))


class IrActionsReport(models.Model):
    _name = "ir.actions.report"
    _inherit = ["care.watched", "ir.actions.report"]
    _care_kind = "report"
    _care_watched_fields = ("model", "report_name", "report_type", "group_ids")

    def _care_watched_rows(self):
        return self.filtered(lambda report: (report.model or "").startswith("care."))


class IrUiView(models.Model):
    """Pages and prints. Forms and lists read what their user may read, whatever is written in them."""

    _name = "ir.ui.view"
    _inherit = ["care.watched", "ir.ui.view"]
    _care_kind = "report"
    _care_watched_fields = ("arch_db", "active", "key", "inherit_id")

    def _care_watched_rows(self):
        return self.filtered(lambda view: view.type == "qweb" and view._care_tells())

    def _care_tells(self):
        """Whether the page is one of the app's, names what is care's, or reads as superuser."""
        keys = [view.key or "" for view in (self, self.inherit_id)]
        arch = self.arch_db or ""
        return (
            any(key.startswith("social_care.") for key in keys)
            or "sudo" in arch
            or self._care_words().search(arch)
        )


class IrConfigParameter(models.Model):
    _name = "ir.config_parameter"
    _inherit = ["care.watched", "ir.config_parameter"]
    _care_watched_fields = ("key", "value")

    def _care_watched_rows(self):
        return self.filtered(
            lambda parameter: parameter.key in SWITCHES or parameter.key.startswith("social_care.")
        )
