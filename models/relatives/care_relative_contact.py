from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .care_neutral import AGE_BANDS, NEEDS, RELATIONS, TAKEN_AWAY

CHANNELS = [
    ("phone", "Phone"),
    ("visit", "Visit to us"),
    ("home", "Visit to the home"),
    ("video", "Video"),
    ("message", "Message"),
    ("street", "Out in town"),
]
FORMS = [
    ("call", "Call"),
    ("talk", "Talk"),
    ("visit", "Visit"),
    ("group", "Group"),
    ("respite_advice", "Advice on respite"),
    ("lecture", "Lecture"),
    ("outreach", "Outreach"),
]
REFERRED_TO = [
    ("nobody", "Nobody"),
    ("own_group", "Our group"),
    ("health", "Health care"),
    ("social_services", "Social services"),
    ("young", "Children and young people"),
    ("association", "Association"),
    ("church", "Religious community"),
    ("crisis", "Crisis support"),
    ("other", "Other"),
]
MINUTES = [(str(minutes), str(minutes)) for minutes in (5, 15, 30, 45, 60, 90)]


class CareRelativeContact(models.Model):
    """One contact with a relative, in codes and numbers. Nothing here could hold a name, unless a case does."""

    _name = "care.relative.contact"
    _description = "Contact with a Relative"
    _inherit = ["care.neutral"]
    _order = "date desc, id desc"
    _neutral_parent = "case_id"

    # What it was
    date = fields.Date(required=True, default=fields.Date.context_today, happened=True)
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    form = fields.Selection(FORMS, required=True, default="call")
    minutes = fields.Integer(required=True, default=15, aggregator="sum")
    minutes_choice = fields.Selection(
        MINUTES, "Minutes, about", compute="_compute_minutes_choice", inverse="_inverse_minutes_choice"
    )
    first_contact = fields.Boolean(help="The relative has not been in touch with us before.")

    # Whom, in codes
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    age_band = fields.Selection(AGE_BANDS, "Age", required=True, default="unknown")
    need_code = fields.Selection(NEEDS, "Need", required=True, default="listen")
    referred_to = fields.Selection(REFERRED_TO, required=True, default="nobody")
    district_id = fields.Many2one(
        "care.relative.district", "Part of the Municipality", index="btree_not_null", ondelete="restrict"
    )

    # Only where the unit's mode lets it
    alias = fields.Char(
        "Card Number",
        help="A number or alias that the relative holds. It leads nowhere else.",
        naming="alias",
    )
    case_id = fields.Many2one(
        "care.relative.case", index="btree_not_null", ondelete="restrict", naming="alias"
    )
    note = fields.Text(naming="words")
    mode_unsupported = fields.Boolean(compute="_compute_mode_unsupported")

    _none_is_nameless = models.Constraint(
        "CHECK (mode <> 'none' OR (alias IS NULL AND case_id IS NULL AND note IS NULL))",
        "This unit keeps no personal data: no card number, case or note can be stored.",
    )
    _note_in_case = models.Constraint(
        "CHECK (note IS NULL OR case_id IS NOT NULL)",
        "A contact without a case has no free text. Open a case, if the relative wants one.",
    )
    _alias_is_code = models.Constraint(
        "CHECK (alias IS NULL OR (mode = 'pseudonym' AND length(alias) <= 24))",
        "Only a unit that documents with pseudonyms keeps card numbers, of at most 24 characters.",
    )
    _minutes_range = models.Constraint(
        "CHECK (minutes BETWEEN 0 AND 1440)", "The minutes lie between 0 and 1440."
    )
    # The list, the month's statistic and its parts are served by these.
    _unit_date_idx = models.Index("(unit_id, date DESC, id DESC)")
    _order_idx = models.Index("(date DESC, id DESC)")
    _month_idx = models.Index(
        "(unit_id, date) INCLUDE (form, minutes, need_code, age_band, relation, first_contact)"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_text(vals, vals.get("case_id") or self.env.context.get("default_case_id"))
        return super().create(vals_list)

    def write(self, vals):
        if {"note", "alias"} & vals.keys():
            self._refuse_text(vals, vals.get("case_id", all(contact.case_id for contact in self)))
        return super().write(vals)

    @api.model
    def _refuse_text(self, vals, case):
        """As the CHECKs, but before a refused query is logged with the text."""
        if vals.get("note") and not case:
            raise ValidationError(
                self.env._(
                    "A contact without a case has no free text. Open a case, if the relative wants one."
                )
            )
        if len(vals.get("alias") or "") > 24:
            raise ValidationError(self.env._("A card number has at most 24 characters."))

    @api.depends("date", "form")
    def _compute_display_name(self):
        forms = dict(self._fields["form"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{contact.date or ''} {forms.get(contact.form, '')}"

    @api.depends("minutes")
    def _compute_minutes_choice(self):
        known = dict(MINUTES)
        for contact in self:
            contact.minutes_choice = str(contact.minutes) if str(contact.minutes) in known else False

    @api.onchange("minutes_choice")
    def _inverse_minutes_choice(self):
        for contact in self:
            if contact.minutes_choice:
                contact.minutes = int(contact.minutes_choice)

    @api.depends("unit_id")
    def _compute_mode_unsupported(self):
        for contact in self:
            contact.mode_unsupported = contact.unit_id.mode_unsupported

    def action_note_next(self):
        """On a phone: this one is noted, here is the next."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_relative_contact_action_new")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("Noted."), "next": action},
        }

    @api.constrains("case_id")
    def _check_case_unit(self):
        for contact in self:
            if contact.case_id and contact.case_id.unit_id != contact.unit_id:
                raise ValidationError(self.env._("The case belongs to another unit."))

    @api.model
    def _mode_keeps_out(self, mode):
        """Where names are kept a card number is not needed."""
        return [*super()._mode_keeps_out(mode), *(["alias"] if mode == "named" else [])]

    @api.model
    def _neutral_forbidden(self, unit, mode):
        # The link goes last: a note without a case is refused.
        labels = {
            "note": self.env._("contacts lose their note"),
            "case_id": self.env._("contacts lose their link to a case"),
            "alias": self.env._("contacts lose their card number"),
        }
        return [
            (label, [("unit_id", "=", unit.id), (name, "!=", False)], {name: False})
            for name, label in labels.items()
            if name in self._naming(TAKEN_AWAY[mode])
        ]
