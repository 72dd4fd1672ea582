from odoo import api, fields, models
from odoo.exceptions import ValidationError

# From loose to strict: each mode forbids what the one before it forbids, and more.
MODES = [("named", "Named"), ("pseudonym", "Pseudonym"), ("none", "No personal data")]
# Of which kinds of naming fields a mode keeps nothing, and which go when it becomes the unit's.
KEPT_OUT = {"named": (), "pseudonym": (True,), "none": (True, "words", "alias")}
TAKEN_AWAY = {"pseudonym": (True, "words"), "none": (True, "words", "alias")}
STRICTNESS = {mode: rank for rank, (mode, _label) in enumerate(MODES)}
RELATIONS = [
    ("partner", "Partner"),
    ("parent", "Parent"),
    ("child", "Adult child"),
    ("young", "Child or young person"),
    ("sibling", "Sibling"),
    ("friend", "Friend or neighbour"),
    ("other", "Other relation"),
    ("unknown", "Not said"),
]
AGE_BANDS = [
    ("0_17", "0-17"),
    ("18_29", "18-29"),
    ("30_44", "30-44"),
    ("45_64", "45-64"),
    ("65_79", "65-79"),
    ("80", "80 or older"),
    ("unknown", "Not said"),
]
NEEDS = [
    ("listen", "Someone who listens"),
    ("information", "Information"),
    ("respite", "Respite"),
    ("health", "Own health"),
    ("worry", "Worry for the relative"),
    ("conflict", "Conflict"),
    ("grief", "Grief"),
    ("practical", "Practical help"),
    ("authorities", "Contact with authorities"),
    ("meet_others", "To meet others"),
    ("other", "Something else"),
]


class CareNeutral(models.AbstractModel):
    """A record of a relative-support unit: neutral, walled, and bound to the unit's documentation mode.

    Neutral: no model that inherits this has a field to a client or its file, nor has a client's file
    one to it (a test walks every relation both ways). Walled: one global rule lets in those who are
    members of the unit now, by the server's clock, and nobody else. Bound: ``mode`` is a copy of the
    unit's mode that the database keeps equal, so that each model's CHECK holds whoever writes.

    A field that could tell who it is about says so. ``naming=True``: it holds a name or what leads to one,
    and stays empty but in a unit that documents with names. ``naming="words"``: free words, which a stricter
    mode takes away with the names, but which may be written anew. ``naming="alias"``: a card number or what
    leads to a case, where anything personal is kept. The table's CHECKs say the same.
    """

    _name = "care.neutral"
    _description = "Behind the Relative Support's Wall"
    _inherit = ["care.wall"]
    _wall = "neutral"

    # A child row belongs to the unit of this record.
    _neutral_parent = None
    # Whether there are such records where nothing personal is kept.
    _kept_in_none = True

    unit_id = fields.Many2one(
        "care.unit",
        required=True,
        index=True,
        default=lambda self: self._default_unit_id(),
        domain=lambda self: self._domain_my_units(),
        frozen="id",
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    mode = fields.Selection(
        MODES, "Documentation", required=True, readonly=True, copy=False, by_verb=True, frozen=False
    )

    # When the unit's mode changes PostgreSQL changes it here, and refuses when a CHECK forbids it.
    # The mode comes first: Odoo takes a foreign key that begins with unit_id for its own and drops it.
    _mode_of_unit = models.Constraint(
        "FOREIGN KEY (mode, unit_id) REFERENCES care_unit (documentation_mode, id) ON UPDATE CASCADE",
        "The documentation mode is the unit's. Change it on the unit.",
    )

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"membership": self._wall_by_membership}

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "naming" or super()._valid_field_parameter(field, name)

    @api.model
    def _naming(self, kinds=TAKEN_AWAY["pseudonym"]):
        """The fields that could tell who it is about; by default names and what was written beside them."""
        return [name for name, field in self._fields.items() if getattr(field, "naming", None) in kinds]

    @api.model
    def _domain_naming(self, kinds=TAKEN_AWAY["pseudonym"]):
        """Those where something is left of it."""
        return fields.Domain.OR([(name, "!=", False)] for name in self._naming(kinds))

    @api.model
    def _domain_my_units(self):
        """Relative-support units of which the user is a member now, whatever else they may see."""
        return [
            ("kind", "=", "relative_support"),
            (
                "member_ids",
                "any",
                [
                    ("user_id", "=", self.env.uid),
                    ("confirmed_user_id", "=", self.env.uid),
                    *list(self.env["care.unit.member"]._domain_now()),
                ],
            ),
        ]

    @api.model
    def _default_unit_id(self):
        parent_id = self._neutral_parent and self.env.context.get(f"default_{self._neutral_parent}")
        if parent_id:
            return self.env[self._fields[self._neutral_parent].comodel_name].browse(parent_id).unit_id
        if unit_id := self.env.context.get("default_unit_id"):
            return self.env["care.unit"].browse(unit_id)
        return self.env["care.unit"].search(self._domain_my_units(), limit=1)

    @api.model
    def default_get(self, fields):
        """The form shows what may be kept before the first row is saved; create asks the unit again."""
        values = super().default_get(fields)
        if "mode" in fields:
            unit = self.env["care.unit"].browse(values.get("unit_id")) or self._default_unit_id()
            values["mode"] = unit.documentation_mode
        return values

    @api.onchange("unit_id")
    def _onchange_unit_id_mode(self):
        for record in self.filtered("unit_id"):
            record.mode = record.unit_id.documentation_mode

    @api.constrains("unit_id")
    def _check_unit_kind(self):
        for record in self:
            if record.unit_id.kind != "relative_support":
                raise ValidationError(
                    self.env._(
                        "%(unit)s is not a relative-support unit. Choose one that is.",
                        unit=record.unit_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The unit decides the mode, and the parent decides the unit; the caller neither."""
        self._check_handed_in(set().union(*vals_list), "create")
        parent = self._neutral_parent
        default_unit = None
        for vals in vals_list:
            parent_id = parent and (vals.get(parent) or self.env.context.get(f"default_{parent}"))
            if parent_id:
                # sudo: only the unit is read; the rule then refuses units of which one is no member.
                vals["unit_id"] = self._neutral_parents_sudo(parent_id).unit_id.id
            elif not vals.get("unit_id"):
                default_unit = default_unit or self.default_get(["unit_id"]).get("unit_id")
                vals["unit_id"] = default_unit
        # sudo: the mode alone is read; the rule then refuses units of which one is no member
        units_sudo = (
            self.env["care.unit"].sudo().browse({vals["unit_id"] for vals in vals_list if vals["unit_id"]})
        )
        modes = {unit.id: unit.documentation_mode for unit in units_sudo}
        for vals in vals_list:
            vals["mode"] = modes.get(vals["unit_id"])
            self._refuse_what_mode_keeps_out(vals["mode"], vals, creating=True)
        with self._deciding("mode"):
            return super().create(vals_list)

    @api.model
    def _refuse_what_mode_keeps_out(self, mode, vals, creating=False):
        """Before PostgreSQL is asked: a refused query is logged with its values, that is, with names."""
        context = self.env.context if creating else {}
        refused = any(vals.get(name, context.get(f"default_{name}")) for name in self._mode_keeps_out(mode))
        if refused or (creating and mode == "none" and not self._kept_in_none):
            raise ValidationError(
                self.env._(
                    "The unit's documentation does not let this be stored: it keeps no names, or none but card"
                    " numbers. Leave it out, or note a contact without it."
                )
            )

    @api.model
    def _mode_keeps_out(self, mode):
        """The fields that stay empty in a unit of that mode."""
        return self._naming(KEPT_OUT.get(mode, ()))

    def _neutral_parents_sudo(self, parent_id):
        # sudo: whoever names a parent may not be of its unit; create reads that alone, and the rule refuses
        return self.env[self._fields[self._neutral_parent].comodel_name].sudo().browse(parent_id)

    def write(self, vals):
        for mode in set(self.mapped("mode")):
            self._refuse_what_mode_keeps_out(mode, vals)
        return super().write(vals)

    # ------------------------------------------------------------------
    # A stricter mode
    # ------------------------------------------------------------------

    @api.model
    def _neutral_forbidden(self, unit, mode):
        """What a stricter mode does away with: ``(label, domain, values or None to delete)`` lines."""
        return []

    @api.model
    def _neutral_erase(self, unit, mode):
        """Erase, in one statement a line, what ``mode`` forbids in ``unit``."""
        for _label, domain, values in self._neutral_forbidden(unit, mode):
            # sudo: all that the mode forbids goes, also what nobody may change; Change Documentation asks who
            records_sudo = self.sudo().with_context(active_test=False).search(domain)
            if values is None:
                records_sudo._neutral_delete()
            elif records_sudo:
                records_sudo._write_decided(values)

    def _neutral_delete(self):
        self.unlink()

    @api.model
    def _neutral_models(self):
        """Every model behind the wall, children before their parents."""
        models_ = [model for model in self.env.values() if model._wall == "neutral" and not model._abstract]
        return sorted(models_, key=lambda model: (not model._neutral_parent, model._name))
