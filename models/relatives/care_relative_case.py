import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from .care_neutral import AGE_BANDS, NEEDS, RELATIONS

CODE_LETTERS = "ACDEFHJKLMNPRTUVWXY3479"  # none that is mistaken for another when read aloud


def random_code(prefix, length=6):
    """A code that says nothing: not how many there are, nor in which order they came."""
    return f"{prefix}-{''.join(secrets.choice(CODE_LETTERS) for _i in range(length))}"


class CareRelativeCase(models.Model):
    """The file of a relative who wants continued support: about the relative, never about whom they care for."""

    _name = "care.relative.case"
    _description = "Relative's Case"
    _inherit = ["care.neutral"]
    _order = "state desc, date_open desc, id desc"
    _kept_in_none = False
    _transitions = {"open": {"closed"}, "closed": {"open"}}
    _rec_names_search = ["reference", "alias", "name"]

    # Who
    reference = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: random_code("A"), by_verb=True
    )
    alias = fields.Char(
        "Card Number",
        help="A number or alias that the relative holds. It leads nowhere else.",
        naming="alias",
    )
    name = fields.Char(naming=True)
    phone = fields.Char(naming=True)
    email = fields.Char(naming=True)
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    age_band = fields.Selection(AGE_BANDS, "Age", required=True, default="unknown")
    district_id = fields.Many2one(
        "care.relative.district", "Part of the Municipality", index="btree_not_null", ondelete="restrict"
    )
    responsible_id = fields.Many2one("res.users", "Supporter", default=lambda self: self.env.user, index=True)
    referral_id = fields.Many2one("care.referral", "Came by Referral", index="btree_not_null", readonly=True)

    # Time
    date_open = fields.Date("Opened", required=True, default=fields.Date.context_today, happened=True)
    date_closed = fields.Date("Closed", readonly=True, copy=False, by_verb=True)
    state = fields.Selection(
        [("open", "Ongoing"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    outcome = fields.Selection(
        [
            ("better", "The relative manages better"),
            ("same", "As before"),
            ("worse", "Harder than before"),
            ("moved_on", "Went on to other support"),
            ("ended", "The relative ended"),
        ],
        readonly=True,
        copy=False,
        by_verb=True,
    )

    # Plan of support
    need_code = fields.Selection(NEEDS, "Main Need", required=True, default="listen")
    plan_wishes = fields.Text("What I Want to Change", help="In the relative's own words.", naming="words")
    plan_support = fields.Text("What We Do", naming="words")
    plan_own = fields.Text("What I Do Myself", naming="words")
    plan_date = fields.Date("Agreed On", happened=True)
    review_date = fields.Date("Follow Up On")

    # What happens
    note_ids = fields.One2many("care.relative.note", "case_id", "Notes")
    followup_ids = fields.One2many("care.relative.followup", "case_id", "Follow-ups")
    contact_ids = fields.One2many("care.relative.contact", "case_id", "Contacts")
    participant_ids = fields.One2many("care.support.participant", "case_id", "Groups", readonly=True)
    contact_count = fields.Integer(compute="_compute_contact_count")
    review_due = fields.Boolean(compute="_compute_review_due", search="_search_review_due")

    _reference_uniq = models.UniqueIndex("(reference)", "This reference exists already. Try again.")
    _never_none = models.Constraint(
        "CHECK (mode <> 'none')",
        "This unit keeps no personal data, so it has no cases. Note a contact instead.",
    )
    _pseudonym_is_nameless = models.Constraint(
        "CHECK (mode <> 'pseudonym' OR (name IS NULL AND phone IS NULL AND email IS NULL))",
        "This unit documents with pseudonyms: no name, phone or e-mail can be stored. Use the card number.",
    )
    _known_somehow = models.Constraint(
        "CHECK (name IS NOT NULL OR alias IS NOT NULL)",
        "Write a name, or a card number that the relative holds.",
    )
    _list_idx = models.Index("(unit_id, state DESC, date_open DESC, id DESC)")
    _review_idx = models.Index("(unit_id, review_date) WHERE state = 'open'")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        unit = self.env["care.unit"].browse(values.get("unit_id"))
        if "alias" in fields and unit.documentation_mode == "pseudonym":
            values.setdefault("alias", random_code("K", 5))
        return values

    @api.depends("reference")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.reference

    def _compute_contact_count(self):
        groups = self.env["care.relative.contact"]._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        counts = {case.id: count for case, count in groups}
        for case in self:
            case.contact_count = counts.get(case._origin.id, 0)

    @api.depends("review_date", "state")
    def _compute_review_due(self):
        today = fields.Date.context_today(self)
        for case in self:
            case.review_due = case.state == "open" and bool(case.review_date) and case.review_date <= today

    @api.model
    def _search_review_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = fields.Domain([("state", "=", "open"), ("review_date", "<=", fields.Date.context_today(self))])
        return fields.Domain.OR(due if wanted else ~due for wanted in value)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_nobody(vals)
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if self._not_decided(vals) and any(case.state == "closed" for case in self):
            raise UserError(self.env._("The case is closed. Reopen it first."))
        return super().write(vals)

    @api.model
    def _refuse_nobody(self, vals):
        """As the CHECK, but before a refused query is logged with what else was written."""
        if not vals.get("name") and not (
            vals.get("alias") or self.default_get(["unit_id", "alias"]).get("alias")
        ):
            raise UserError(self.env._("Write a name, or a card number that the relative holds."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_lawful(self):
        """A case is deleted by an approved retention run, or with the names of its unit. Its numbers stay."""
        erasures = self.env["care.relative.erasure"]
        running = erasures.search([("unit_id", "in", self.unit_id.ids), ("done_at", "=", False)]).unit_id
        listed = self._listed_for_retention()
        if any(case.unit_id not in running and case not in listed for case in self):
            raise UserError(self.env._("A case stays. Only an approved retention run deletes it."))
        contacts = self.env["care.relative.contact"].search([("case_id", "in", self.ids)])
        contacts._write_decided({"note": False, "case_id": False})
        self.env.flush_all()

    def action_close(self, outcome="ended"):
        """Close the case with its outcome (a value of ``outcome``)."""
        if outcome not in dict(self._fields["outcome"].selection):
            raise UserError(self.env._("Choose one of the outcomes."))
        self._transition("closed", date_closed=fields.Date.context_today(self), outcome=outcome)

    def action_reopen(self):
        self._transition("open", date_closed=False, outcome=False)

    def action_open_contacts(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_relative_contact_action")
        return action | {
            "domain": [("case_id", "=", self.id)],
            "context": {"default_case_id": self.id},
            "display_name": self.reference,
        }

    def action_offer_group(self):
        """Put the relative on a group's list; the group is chosen there."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer a group"),
            "res_model": "care.support.participant",
            "view_mode": "form",
            "views": [(self.env.ref("social_care.care_support_participant_view_form_offer").id, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.id,
                "default_unit_id": self.unit_id.id,
                "default_name": self.name,
                "default_alias": self.alias,
                "default_phone": self.phone,
                "default_email": self.email,
            },
        }

    @api.model
    def _neutral_forbidden(self, unit, mode):
        mine = [("unit_id", "=", unit.id)]
        if mode == "none":
            return [(self.env._("cases are deleted"), mine, None)]
        return [
            (
                self.env._("cases lose name, phone, e-mail and plan, and get a card number"),
                self._domain_naming() & fields.Domain(mine),
                {},
            )
        ]

    @api.model
    def _neutral_erase(self, unit, mode):
        """From names to card numbers: the file keeps its dates and codes."""
        if mode != "pseudonym":
            return super()._neutral_erase(unit, mode)
        # sudo: no name of the unit stays, whatever the supporter opens; Change Documentation asks who
        for case in self.sudo().search([("unit_id", "=", unit.id)]):
            alias = case.alias or random_code("K", 5)
            case._write_decided({**dict.fromkeys(self._naming(), False), "alias": alias})
        return None
