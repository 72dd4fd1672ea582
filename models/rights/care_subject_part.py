import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BEGINS_PDF = base64.b64encode(b"%PDF")[:4]
HOW = [
    ("person", "In person, with an ID card"),
    ("letter", "Registered letter"),
    ("secure", "Secure digital mail"),
]


class CareSubjectPart(models.Model):
    """One unit's part of a register extract: what it keeps, judged and released by a manager of that unit.

    Nobody else sees it: not another unit, not the privacy officer, who has the part of what belongs to no unit.
    """

    _name = "care.subject.part"
    _description = "A Unit's Part of a Register Extract"
    _inherit = ["care.activity.mixin", "care.walled"]
    _order = "due_on, id"
    _wall_on_double = True  # a request that was received before is answered
    _made_by_verb = True
    _frozen_from = "released"
    _retained_with = "request_id"
    _transitions = {
        "waiting": {"collected"},
        "collected": {"collected", "released"},
        "released": {"handed"},
    }

    request_id = fields.Many2one(
        "care.subject.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        frozen="id",
    )
    reference = fields.Char(
        related="request_id.reference", store=True, precompute=True, by_verb=False, frozen=True
    )
    client_id = fields.Many2one(
        related="request_id.client_id", store=True, precompute=True, index=True, frozen=True
    )
    unit_id = fields.Many2one("care.unit", readonly=True, index=True, frozen="id")
    company_id = fields.Many2one(related="request_id.company_id", store=True, precompute=True, frozen=False)
    asked_by = fields.Selection(related="request_id.asked_by", related_sudo=True)
    identity = fields.Char(related="request_id.identity", related_sudo=True)
    received_on = fields.Date(related="request_id.received_on", related_sudo=True)
    due_on = fields.Date(related="request_id.due_on", store=True, by_verb=False, frozen=False)
    state = fields.Selection(
        [
            ("waiting", "To be collected"),
            ("collected", "To be judged"),
            ("released", "Released"),
            ("handed", "Handed over"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        copy=False,
        frozen=False,
    )
    is_late = fields.Boolean(compute="_compute_is_late")

    # What is in it
    item_ids = fields.One2many("care.subject.item", "part_id", "Records")
    item_count = fields.Integer("Records Found", compute="_compute_counts")
    to_judge_count = fields.Integer("To Be Judged", compute="_compute_counts")
    held_count = fields.Integer("Held Back", compute="_compute_counts")
    collected_at = fields.Datetime("Collected", readonly=True, copy=False, frozen=True)
    collected_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", frozen=True
    )
    read_through = fields.Boolean(
        "I have read the free texts",
        help="No text tells something of somebody else that must be held back.",
        copy=False,
        by_verb=False,
        frozen=True,
    )

    # What was given
    document = fields.Binary(attachment=False, readonly=True, exportable=False, copy=False, frozen="document")
    document_name = fields.Char(compute="_compute_names")
    package = fields.Binary(attachment=False, readonly=True, exportable=False, copy=False, frozen="package")
    package_name = fields.Char(compute="_compute_names")
    content_hash = fields.Char(
        "Fingerprint", readonly=True, copy=False, help="SHA-256 of what was given.", frozen=True
    )
    released_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", frozen=True)
    released_at = fields.Datetime("Released on", readonly=True, copy=False, frozen=True)
    handed_how = fields.Selection(HOW, "How It Was Handed over", readonly=True, copy=False, frozen="handed")
    handed_by_id = fields.Many2one(
        "res.users", "Handed over by", readonly=True, copy=False, ondelete="restrict", frozen="handed"
    )
    handed_at = fields.Datetime("Handed over on", readonly=True, copy=False, frozen="handed")

    _once = models.UniqueIndex("(request_id, unit_id)", "The unit has its part already.")
    _frozen = models.Constraint("CHECK (TRUE)", "What was released is not changed. Register a new request.")

    # ------------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------------

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"part": self._wall_by_part}

    def _wall_named(self, alias):
        return [*super()._wall_named(alias), self._wall_by_part(alias, ())]

    def _wall_by_part(self, alias, ways):
        return self._wall_of_part(self, alias)

    @api.model
    def _wall_of_part(self, model, alias):
        """The managers of the unit, of an on-call team too, for as long as the part is theirs."""
        units, part = self._wall_held("managed"), self._fields
        return units and SQL(
            "(%s, %s) IN (SELECT p.client_id, p.unit_id FROM care_subject_part p WHERE p.unit_id IN %s)",
            model._wall_column(alias, "client_id"),
            model._wall_column(alias, "unit_id"),
            units,
            to_flush=[part["client_id"], part["unit_id"]],
        )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("reference")
    def _compute_display_name(self):
        for part in self:
            part.display_name = part.reference

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for part in self:
            part.is_late = part.state != "handed" and bool(part.due_on) and part.due_on < today

    @api.depends("item_ids.outcome")
    def _compute_counts(self):
        groups = self.env["care.subject.item"]._read_group(
            [("part_id", "in", self.ids)], ["part_id", "outcome"], ["__count"]
        )
        counts = {(part.id, outcome): count for part, outcome, count in groups}
        for part in self:
            own = {outcome: count for (id_, outcome), count in counts.items() if id_ == part._origin.id}
            part.item_count = sum(own.values())
            part.to_judge_count = own.get(False, 0)
            part.held_count = own.get("hold", 0) + own.get("part", 0)

    @api.depends("reference", "document")
    def _compute_names(self):
        """A server that cannot print has made a page of HTML: called a PDF, it would come out blank."""
        kinds = self._kinds_of_documents()
        for part in self:
            part.document_name = f"{part.reference}.{kinds.get(part._origin.id, 'pdf')}"
            part.package_name = f"{part.reference}.zip"

    def _kinds_of_documents(self):
        """``{id: pdf or html}``, by how they begin and without reading the rest."""
        if not self._origin:
            return {}
        self._origin.flush_recordset(["document"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, substring(document FOR 4) FROM care_subject_part"
                " WHERE document IS NOT NULL AND id IN %s",
                tuple(self._origin.ids),
            )
        )
        return {id_: "pdf" if bytes(start) == BEGINS_PDF else "html" for id_, start in rows}

    # ------------------------------------------------------------------
    # Nobody writes it but the verbs
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._remind()
        return parts

    @api.model
    def _guard_message(self, operation):
        return {
            "create": self.env._("Register a request; the units' parts are made then."),
            "write": self.env._("Use the buttons; they keep to the time and the order."),
            "unlink": self.env._("A request stays. Only an approved retention run deletes it."),
        }[operation]

    def _check_transition(self, state):
        super()._check_transition(state)
        # sudo: the request is the privacy officer's; whether it was rejected is all that is asked
        if any(request.state == "rejected" for request in self.request_id.sudo()):
            raise UserError(self.env._("The request was rejected. Register a new one."))

    def _after_transition(self, before):
        super()._after_transition(before)
        self.filtered(lambda part: part.state == "handed")._forget()
        # sudo: a unit's manager neither reads nor writes the request, whose state follows from all its parts
        self.request_id.sudo()._follow_parts()

    def action_hand_over(self, how=None):
        """It was given to the person, in a way that reaches nobody else (a value of ``handed_how``)."""
        self.check_access("write")
        how = how or self.env.context.get("handed_how")
        if how not in dict(HOW):
            raise UserError(self.env._("Choose how it was handed over."))
        self._transition("handed", handed_how=how, handed_by_id=self.env.uid, handed_at=fields.Datetime.now())

    def _files(self):
        """What was released, as bytes: ``(pdf, package)``."""
        self.ensure_one()
        part = self.with_context(bin_size=False)
        return base64.b64decode(part.document or b""), base64.b64decode(part.package or b"")

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Whoever manages the unit now is told."""
        waiting = self.search([("state", "!=", "handed"), ("request_id.state", "!=", "rejected")])
        self.env["ir.cron"]._care_batches(waiting, lambda parts: parts._remind(), 100)

    def _remind(self):
        """Those who can make it are told, with the day by which the person must have the answer."""
        managers = self.unit_id._managers_now()
        officers = {company: company._care_privacy_officers() for company in self.company_id}
        self._sync_activities(
            "social_care.activity_subject_part",
            {part: managers[part.unit_id] if part.unit_id else officers[part.company_id] for part in self},
            lambda part: part.due_on,
        )

    def _forget(self):
        self._sync_activities("social_care.activity_subject_part", dict.fromkeys(self, ()))

    def _without_manager(self):
        """Parts that nobody can make as things are: a privacy officer sees that somebody must be appointed."""
        waiting = self.filtered(lambda part: part.unit_id and part.state in ("waiting", "collected"))
        managers = waiting.unit_id._managers_now()
        return waiting.filtered(lambda part: not managers[part.unit_id])

    def action_open_unjudged(self):
        """The records that tell of somebody else and wait for a judgement."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To Be Judged"),
            "res_model": "care.subject.item",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": [("part_id", "=", self.id), ("outcome", "=", False)],
        }
