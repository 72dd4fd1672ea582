import hashlib
import json
import secrets

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.attached import by_app


class CarePlan(models.Model):
    """What exactly is proposed, signed and printed.

    The content is JSON in one canonical form. What the rows hold themselves stands beside ``wording``: the
    names of persons and codes as they were called that day, which may be called otherwise later.
    """

    _inherit = "care.plan"

    def _freeze(self):
        """Fix the content, its hash and the document; from here on the database guards them."""
        self._write_decided({"proposed_at": fields.Datetime.now(), "proposed_by_id": self.env.uid})
        # The nonce keeps a hash that is kept for ever from confirming a guess at its content.
        self.env.flush_all()  # goals and lines before the plan that freezes them
        self.env.invalidate_all()  # what is signed is what the database holds
        text = self._canonical({**self._content(), "nonce": secrets.token_hex(16)})
        self._transition("proposed", content=text, content_hash=_sha256(text.encode()))
        document_sudo = self._store_document()
        self._write_decided({"document_id": document_sudo.id, "document_hash": _sha256(document_sudo.raw)})

    def _canonical(self, content):
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)

    def _shown_content(self):
        """What screens and prints show: the frozen content, or the draft's as it is now."""
        self.ensure_one()
        if self.state != "draft" and self.content:
            return json.loads(self.content)
        return json.loads(self._canonical(self._content()))

    def _content(self):
        """Everything the parties agree on, in the client's language."""
        plan = self.with_context(lang=self._client_lang())
        # sudo: staff read no employees, nor all logins; colleagues' names stand in what the parties sign
        return {
            **plan._signed_values(),
            "decisions": [plan._decision_content(decision) for decision in plan.decision_ids],
            "goals": [plan._goal_content(goal) for goal in plan.goal_ids.sorted()],
            # in the order that every signed content has, whatever the model's own order becomes
            "lines": [
                plan._line_content(line)
                for line in plan.line_ids.sorted(lambda line: (line.sequence, line.id))
            ],
            "wording": {
                "client": plan.client_id.name,
                "client_reference": plan.client_id.reference,
                "unit": plan.unit_id.name,
                "company": plan.company_id.name,
                "participation": plan._label(plan, "participation"),
                "contact_person": plan.contact_person_id.employee_id.sudo().name,
                "proposed_by": plan.proposed_by_id.sudo().care_name,
            },
        }

    def _client_lang(self):
        """The client's, else the reader's, else Swedish: whichever is installed, or the source terms' own."""
        installed = {"en_US", *(code for code, _name in self.env["res.lang"].get_installed())}
        wanted = (self.client_id.lang, self.env.lang, "sv_SE")
        return next((lang for lang in wanted if lang in installed), "en_US")

    def _decision_content(self, decision):
        # sudo: what is signed is the same whoever makes it, whatever of the authority they may read
        return {
            "id": decision.id,
            "goal": decision.goal or "",
            "wording": {
                "legal_basis": decision.legal_basis_id.code,
                "authority": decision.authority_id.sudo().name,
                "reference": decision.reference,
            },
        }

    def _goal_content(self, goal):
        return {
            "id": goal.id,
            **goal._signed_values(),
            "wording": {"areas": goal.life_area_ids.mapped("name"), "source": self._label(goal, "source")},
        }

    def _line_content(self, line):
        return {
            "id": line.id,
            **line._signed_values(),
            "wording": {"task_type": line.task_type_id.name, "who": line.who_text, "when": line.when_text},
        }

    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(record.env)).get(record[name])

    # ------------------------------------------------------------------
    # The document
    # ------------------------------------------------------------------

    def _store_document(self):
        """The print of the proposal, as the parties get to see it. Its name carries the reference alone."""
        content, kind = self._render_document()
        with by_app():
            # sudo: attachments of a frozen plan are nobody's to write; reading follows the plan
            return (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": f"{self.reference}-{self.version}.{kind}",
                        "raw": content,
                        "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                        "res_model": "care.plan",
                        "res_id": self.id,
                        "public": False,
                        "access_token": False,
                        "res_field": False,
                    }
                )
            )

    def _render_document(self):
        """PDF, or the same page as HTML on a server that cannot print."""
        reports = self.env["ir.actions.report"]
        name = "social_care.care_plan_report_document"
        if reports.get_wkhtmltopdf_state() in ("ok", "upgrade"):
            return reports._render_qweb_pdf(name, self.ids)
        return reports._render_qweb_html(name, self.ids)

    # ------------------------------------------------------------------
    # Verify
    # ------------------------------------------------------------------

    def action_verify(self):
        """Say whether what is stored is what was proposed and signed."""
        self.ensure_one()
        self.check_access("read")
        faults = self._faults()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("This is not what was signed")
                if faults
                else self.env._("This is what was signed"),
                "message": "\n".join(faults)
                or self.env._("Checked: the content, its rows, the document and the signatures."),
                "type": "danger" if faults else "success",
                "sticky": bool(faults),
            },
        }

    def _faults(self):
        """Each way in which the stored plan is not what was signed; empty when all is well."""
        self.ensure_one()
        if not self.content_hash or self.state == "draft":
            raise UserError(self.env._("A draft has no signed content to compare with."))
        self.env.flush_all()
        self.env.invalidate_all()
        plan = self
        faults = []
        if _sha256((plan.content or "").encode()) != plan.content_hash:
            faults.append(self.env._("The stored content does not give the stored hash."))
        elif _own(json.loads(plan.content)) != _own(json.loads(plan._canonical(plan._content()))):
            faults.append(self.env._("The goals, lines or texts differ from the content that was signed."))
        # sudo: the attachment follows the plan, which was checked; only its hash is compared
        document_sudo = plan.document_id.sudo()
        if document_sudo._care_is_missing():
            faults.append(
                self.env._(
                    "The stored document is missing. Restore the filestore of the same back-up as the database."
                )
            )
        elif _sha256(document_sudo.raw or b"") != plan.document_hash:
            faults.append(self.env._("The stored document has been exchanged."))
        # sudo: the papers follow the plan, too; whether they are there is all that is asked
        if plan.signature_ids.attachment_id.sudo()._care_is_missing():
            faults.append(
                self.env._(
                    "A signed paper is missing. Restore the filestore of the same back-up as the database."
                )
            )
        if any(not signature._is_whole() for signature in plan.signature_ids):
            faults.append(self.env._("A signature has been changed."))
        return faults


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def _own(content):
    """The content without the wording of that day, and without the nonce."""
    if isinstance(content, dict):
        return {key: _own(value) for key, value in content.items() if key not in ("wording", "nonce")}
    if isinstance(content, list):
        return [_own(value) for value in content]
    return content
