from contextlib import nullcontext

from odoo import models

from ...tools.own_work import own_work


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_html(self, report_ref, docids, data=None):
        with self._care_work(report_ref), self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_html(report_ref, docids, data=data)
        self._care_note_printed(report_ref, docids)
        return answer

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        with self._care_work(report_ref), self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._care_note_printed(report_ref, res_ids)
        return answer

    def _care_work(self, report_ref):
        """The prints of ours read as superuser where their records say so; others' do not."""
        own = (self._get_report(report_ref).report_name or "").startswith("social_care.")
        return own_work() if own else nullcontext()

    def _care_note_printed(self, report_ref, res_ids):
        """The records themselves, whoever read them for the template. Rendering has checked access."""
        model = self.env.get(self._get_report(report_ref).model)
        if model is not None and model._wall == "file":
            ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
            self.env["care.access.log"]._note(model.browse(ids), "print")
