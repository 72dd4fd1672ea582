from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CareClient(models.Model):
    """The client's journal: write, read, print and verify it from the client's own page."""

    _inherit = "care.client"

    def action_write_note(self):
        """Open an empty note about the client, now; who stays in two of the writer's units: of which is asked."""
        self.ensure_one()
        self.check_access("read")
        stays = self._journal_stays().filtered(lambda stay: stay.state == "active")
        if len(stays.unit_id) > 1:
            action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_stay_journal_action")
            return action | {"domain": [("id", "in", stays.ids)]}
        return self.env["care.journal.entry"]._open_draft(self, self._journal_unit())._action_form()

    def _journal_stays(self):
        return self.env["care.stay"].search([("client_id", "=", self.id)])

    def _journal_unit(self):
        """The unit that the reader knows the client from: where the client stays, else stayed last."""
        self.ensure_one()
        stays = self._journal_stays()
        stay = stays.filtered(lambda stay: stay.state == "active")[:1] or stays[:1]
        unit = stay.unit_id or self.intake_unit_id
        if not unit:
            raise UserError(self.env._("The client stays in none of your units. Register the stay first."))
        return unit

    def action_open_timeline(self):
        """All that has happened, and what of it has come since the user was last here."""
        self.ensure_one()
        self.check_access("read")
        self.env["care.journal.look"]._look(self)
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_journal_timeline_action")
        return action | {
            "domain": [("client_id", "=", self.id)],
            "context": {"journal_client_id": self.id},
            "display_name": self.env._("Journal %s", self.reference),
        }

    def action_print_journal(self):
        """Ask for the period, then print it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print the Journal"),
            "res_model": "care.journal.print",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_client_id": self.id, "default_unit_id": self._journal_unit().id},
        }

    def action_verify_journal(self):
        """Does every link of the journals that the reader opens still fit?"""
        self.check_access("read")
        chains = self.env["care.journal.chain"].search([("client_id", "in", self.ids)])
        return chains.action_verify()


class CareStay(models.Model):
    _inherit = "care.stay"

    def action_write_note(self):
        """Open an empty note about the client, in the journal of this stay's unit."""
        self.ensure_one()
        self.check_access("read")
        return self.env["care.journal.entry"]._open_draft(self.client_id, self.unit_id)._action_form()


class CareVisit(models.Model):
    _inherit = "care.visit"

    def action_write_note(self):
        """Open an empty note about the visit: its client, plan line and time."""
        self.ensure_one()
        self.check_access("read")
        vals = {
            "line_id": self.line_id.id,
            "goal_id": self.line_id.goal_id.id,
            "event_at": min(self.start, fields.Datetime.now()),
        }
        return self.env["care.journal.entry"]._open_draft(self.client_id, self.unit_id, **vals)._action_form()


class CareJournalEntry(models.Model):
    _inherit = "care.journal.entry"

    def _open_draft(self, client, unit, **vals):
        """A new draft, or the user's own that has no text yet: tapping twice makes no second note."""
        values = {"event_at": fields.Datetime.now(), "goal_id": False, "line_id": False, **vals}
        mine = (
            Domain("client_id", "=", client.id)
            & Domain("unit_id", "=", unit.id)
            & Domain("author_id", "=", self.env.uid)
            & Domain("state", "=", "draft")
            & Domain("body", "in", [False, ""])
            & Domain("replaces_id", "=", False)
        )
        if draft := self.search(mine, limit=1):
            draft.write(values)
            return draft
        return self.create({"client_id": client.id, "unit_id": unit.id, **values})
