from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.text import short


class CareJournalEntry(models.Model):
    """The verbs of a note. Each checks the person and the state itself, under sudo too."""

    _inherit = "care.journal.entry"

    def action_sign(self):
        """Sign one's own draft. From here on nobody changes it, and the unit reads it.

        :raise AccessError: unless the user is the author
        :raise UserError: when something is missing
        """
        self.check_access("write")
        if any(entry.author_id != self.env.user for entry in self):
            raise AccessError(self.env._("Only the author signs a note."))
        self.lock_for_update()
        for entry in self:
            entry._check_signable()
        self._sign()
        return True

    def _check_signable(self):
        self._check_transition("signed")
        if not (self.body or "").strip():
            raise UserError(self.env._("Write what happened before you sign."))
        if self.replaces_id and not (self.amend_reason or "").strip():
            raise UserError(self.env._("Write why the earlier note is amended."))
        # sudo: whether the earlier note still holds is all that is asked of it
        if self.replaces_id and self.replaces_id.sudo().state != "signed":
            raise UserError(self.env._("The earlier note has been struck or amended in the meantime."))

    def _sign(self, is_auto=False, signed_at=None):
        """Fix the text with its author's name and title as they are now, and chain it."""
        # sudo: a signed note is written by nobody; in the order of journals: see _append
        for entry in self.sudo().sorted(lambda entry: (entry.client_id.id, entry.unit_id.id, entry.id)):
            entry._transition(
                "signed",
                author_name=entry.author_id.care_name,
                author_title=entry._title_of_author(),
                about=entry._about_now(),
                signed_at=signed_at or fields.Datetime.now(),
                is_auto_signed=is_auto,
            )

    def _sign_imported(self, author_id, entered_at, is_auto=False, replaces_id=False):
        """Sign drafts for their author, with the times that an earlier system holds them with.

        For scripts that move a journal here; no caller from outside reaches it.
        """
        self._write_decided({"author_id": author_id, "entered_at": entered_at, "replaces_id": replaces_id})
        self._sign(is_auto, signed_at=entered_at)

    def _title_of_author(self):
        """The job title of whom the author is in the company."""
        return self.author_id._care_employees(self.company_id)[self.author_id].job_title

    def _about_now(self):
        return short(self.line_id.name or self.goal_id.name or "", 120) or False

    def action_discard(self):
        """Throw one's own draft away; nobody else has seen it."""
        self.check_access("write")
        for entry in self:
            if entry.state != "draft" or entry.author_id != self.env.user:
                raise UserError(self.env._("Only a draft of your own can be thrown away."))
        client = self.client_id[:1]
        # sudo: nobody has the right to delete notes; these are the user's own drafts, as asked above
        self.sudo().unlink()
        return client.action_open_timeline() if client else True

    def _new_in_file(self):
        """What is wrong in a double is put right there."""
        return self.filtered(lambda entry: not entry.replaces_id)

    def action_amend(self):
        """Open a new note that will replace this one when it is signed.

        :return: an action that shows the draft; one's own open one is shown instead of made twice
        """
        self.ensure_one()
        return self._amend()._action_form()

    def _amend(self):
        self.check_access("read")
        self._check_author_or_manager()
        self.lock_for_update()
        if self.state != "signed":
            raise UserError(self.env._("Only a signed note that still holds is amended."))
        if mine := self.search(
            [("replaces_id", "=", self.id), ("state", "=", "draft"), ("author_id", "=", self.env.uid)]
        ):
            return mine
        names = ("client_id", "unit_id", "goal_id", "line_id")
        vals = {name: self[name].id for name in names}
        vals |= {name: self[name] for name in ("kind", "event_at", "body", "present")}
        with self._deciding("replaces_id"):
            draft = self.create({**vals, "replaces_id": self.id})
        draft.flush_recordset()
        return draft

    def action_strike(self, reason=None):
        """Strike a note: it stays readable, with who struck it and why.

        :param str reason: shown wherever the note is
        :raise AccessError: unless the user is the author or a manager of the unit
        """
        self._check_lasting()
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the note is struck."))
        self._check_author_or_manager()
        self.lock_for_update()
        # sudo: nobody writes a signed note; the author or a manager strikes it, as asked above
        self.sudo()._transition(
            "struck",
            strike_reason=reason.strip(),
            struck_by_id=self.env.uid,
            struck_by_name=self.env.user.care_name,
            struck_at=fields.Datetime.now(),
        )
        return True

    def _check_author_or_manager(self):
        others = self.filtered(lambda entry: entry.author_id != self.env.user)
        if others:
            self.env["care.unit.member"]._check_manages(others.unit_id)

    def _after_transition(self, before):
        super()._after_transition(before)
        # sudo: nobody writes a chain; signing and striking make it grow
        chains_sudo = self.env["care.journal.chain"].sudo()
        chains_sudo._append("strike", self.filtered(lambda entry: entry.state == "struck"))
        signed = self.filtered(lambda entry: entry.state == "signed")
        if signed.replaces_id:
            signed.replaces_id._transition("amended")
        signed.activity_ids.unlink()
        chains_sudo._append("sign", signed)

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note"),
            "res_model": "care.journal.entry",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_replaced(self):
        self.check_access("read")
        return self.replaces_id._action_form()

    def action_open_replacement(self):
        self.check_access("read")
        return self.replaced_by_id._action_form()

    def action_open_objection(self):
        """Note what the client holds against it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Client Objects"),
            "res_model": "care.journal.objection",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_entry_id": self.id},
        }
