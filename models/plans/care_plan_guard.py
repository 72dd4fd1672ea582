from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import frozen
from .care_plan import PLAN_TRANSITIONS

# The agreement itself, fixed from the proposal on; what the parties see and sign.
PLAN_CONTENT = (
    "reference", "client_id", "unit_id", "name", "version", "date_from", "review_date", "own_goals",
    "participation", "participants", "influence", "cooperation", "follow_up", "child_view", "guardian_view",
    "family_contact", "board_contact", "content", "content_hash", "proposed_at", "proposed_by_id",
)  # fmt: skip
# How it came into force, fixed from the activation on.
PLAN_ACTIVATION = ("agreement", "activated_at", "activated_by_id", "activation_reason")
PLAN_END = ("ended_on", "end_reason")


class CarePlan(models.Model):
    """From the proposal on the content is frozen, in the ORM and in the database."""

    _inherit = "care.plan"

    _verb_fields = frozenset(
        {
            "reference", "version", "state", "agreement", "content", "content_hash", "document_id", "document_hash",
            "previous_id", "proposed_at", "proposed_by_id", "activated_at", "activated_by_id", "activation_reason",
            "ended_on", "end_reason", "author_ids", "signature_ids", "next_review_date",
        }
    )  # fmt: skip

    def init(self):
        returned = "(OLD.state = 'proposed' AND NEW.state = 'draft')"
        frozen.guard(
            self.env.cr,
            "care_plan",
            update=f"{frozen.illegal_move(PLAN_TRANSITIONS)} OR (OLD.state <> 'draft' AND ("
            f"{frozen.changed(*PLAN_CONTENT)} OR {frozen.relinked('previous_id', 'template_id')}"
            f" OR (OLD.document_id IS NOT NULL AND {frozen.changed('document_id', 'document_hash')} AND NOT {returned})"
            f" OR (OLD.state <> 'proposed' AND {frozen.changed(*PLAN_ACTIVATION)})"
            f" OR (OLD.state IN ('replaced', 'ended') AND {frozen.changed(*PLAN_END)})))",
            delete="OLD.state <> 'draft' OR EXISTS (SELECT 1 FROM care_signature s WHERE s.plan_id = OLD.id)",
            listed="care_retention_lists('care.plan', OLD.id)",
        )
        parent = "EXISTS (SELECT 1 FROM care_plan p WHERE p.id = {}.plan_id AND p.state <> 'draft')"
        frozen.guard(
            self.env.cr,
            "care_plan_decision_rel",
            insert=parent.format("NEW"),
            update=parent.format("OLD"),
            delete=parent.format("OLD"),
            listed="care_retention_lists('care.plan', OLD.plan_id)",
            key="plan_id",
            constraint="care_plan_frozen",
        )

    def _is_frozen(self):
        self.ensure_one()
        return self.state != "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsigned(self):
        plans = self - self._listed_for_retention()
        if plans.signature_ids:
            raise UserError(self.env._("Somebody has signed this plan. It stays in the file."))

    def _note_authors(self):
        """Remember who wrote, and touch the plan: a proposal made at the same moment starts again."""
        if not self.ids:
            return
        self.env.flush_all()
        # A plain update of the plan's row serialises writing and proposing.
        self.env.cr.execute(
            SQL(
                "UPDATE care_plan SET write_uid = %s, write_date = %s WHERE id IN %s AND state = 'draft'",
                self.env.uid,
                self.env.cr.now(),
                self._ids,
            )
        )
        if self.env.user._is_superuser():
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_plan_author_rel (plan_id, user_id)"
                " SELECT id, %s FROM care_plan WHERE id IN %s AND state = 'draft' ON CONFLICT DO NOTHING",
                self.env.uid,
                self._ids,
            )
        )
        self.invalidate_recordset(["author_ids", "write_uid", "write_date"])
