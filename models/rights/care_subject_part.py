import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
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
    _inherit = ["care.quiet", "care.walled"]
    _order = "due_on, id"
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
    listed_name = fields.Char("Name", compute="_compute_listed_name")
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
        return super()._wall_ways() | {"part": self._wall_way_part()}

    @api.model
    def _wall_named(self):
        return [*super()._wall_named(), self._wall_way_part()]

    @api.model
    def _wall_way_part(self):
        """The managers of the unit, of an on-call team too, for as long as the part is theirs."""
        part = self.env["care.subject.part"]._fields
        return SQL(
            "SELECT p.client_id, p.unit_id FROM care_subject_part p"
            " JOIN care_unit_member m ON m.unit_id = p.unit_id WHERE %s AND m.role = 'manager'",
            self._wall_member("m"),
            to_flush=[part["client_id"], part["unit_id"]],
        )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("client_id")
    @api.depends_context("uid")
    def _compute_listed_name(self):
        """For whoever may open the client. The privacy officer and an on-call lead know the reference alone."""
        open_to_me = self.client_id._filtered_access("read")
        for part in self:
            part.listed_name = part.client_id in open_to_me and part.client_id.listed_name

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
        if any(request.state == "rejected" for request in self.request_id.sudo()):
            raise UserError(self.env._("The request was rejected. Register a new one."))

    def _after_transition(self, before):
        super()._after_transition(before)
        self.filtered(lambda part: part.state == "handed")._forget()
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

    def _remind(self):
        """Those who can make it are told, with the day by which the person must have the answer."""
        self._forget()
        self._keep_told(
            "social_care.activity_subject_part",
            {part: part._managers() for part in self},
            lambda part: part.due_on,
        )

    def _forget(self):
        self._keep_told(
            "social_care.activity_subject_part",
            dict.fromkeys(self, self.env["res.users"]),
            lambda p: p.due_on,
        )

    def _without_manager(self):
        """Parts that nobody can make as things are: a privacy officer sees that somebody must be appointed."""
        members_sudo = self.env["care.unit.member"].sudo()
        waiting = self.filtered(lambda part: part.unit_id and part.state in ("waiting", "collected"))
        domain = Domain("unit_id", "in", waiting.unit_id.ids) & Domain("role", "=", "manager")
        managers = members_sudo.search(domain & members_sudo._domain_now())
        managed = managers.filtered(lambda member: member.user_id.active and not member.suspended).unit_id
        return waiting.filtered(lambda part: part.unit_id not in managed)

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

    def _managers(self):
        self.ensure_one()
        if self.unit_id:
            return self.sudo().unit_id._unit_managers()
        officers = self.env.ref("social_care.group_privacy_officer").sudo().all_user_ids
        return officers.filtered(lambda user: user.active and self.company_id in user.company_ids)
