from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _lang_get
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools import personal_number as pnr

# Only a manager changes these: two decide who opens the file, and whoever writes personal numbers
# learns from the refusal of a duplicate who is a client.
MANAGER_FIELDS = {"protection_level", "intake_unit_id", "personal_number", "personal_number_written"}


class CareClient(models.Model):
    """A person who gets support. Never a contact: being a client is itself secret."""

    _name = "care.client"
    _description = "Client"
    _inherit = ["care.walled"]
    _order = "reference"
    _check_company_auto = True
    _wall_client = "id"
    _wall_unit = None
    _wall_exportable = {"id", ".id", "reference", "company_id", "protection_level", "stay_ids", "lang"}

    # Who
    reference = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    firstname = fields.Char("First Name")
    lastname = fields.Char("Last Name", required=True)
    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    listed_name = fields.Char(
        "Client",
        compute="_compute_listed_name",
        store=True,
        precompute=True,
        help="How lists show the client: a protected person by the reference alone.",
    )
    personal_number = fields.Char(
        "Personal Number (12 Digits)",
        search="_search_personal_number",
        copy=False,
        help="Personal or coordination number, stored as twelve digits. Empty while the identity is unknown.",
    )
    personal_number_written = fields.Char(
        "Personal Number",
        compute="_compute_personal_number_written",
        inverse="_inverse_personal_number_written",
        exportable=False,
    )
    birth_date = fields.Date(compute="_compute_birth_date", store=True, readonly=False, precompute=True)
    age = fields.Integer(compute="_compute_age")
    protection_level = fields.Selection(
        [
            ("none", "None"),
            ("marked", "Confidentiality marking"),
            ("registered", "Protected registration"),
            ("new_identity", "New identity"),
        ],
        "Protection",
        required=True,
        default="none",
        help="From confidentiality marking upwards only contact persons and the unit's managers open the"
        " file, and name, address and phone never leave it.",
    )
    is_protected = fields.Boolean(compute="_compute_is_protected")

    # How to reach them
    phone = fields.Char()
    email = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char("ZIP")
    city = fields.Char()
    lang = fields.Selection(_lang_get, "Language", default=lambda self: self.env.lang)
    interpreter_needed = fields.Boolean("Needs an Interpreter")
    interpreter_language = fields.Char("Interpreter's Language", help="The language that the client speaks.")
    communication = fields.Text(help="How to speak with the client: language, pictures, hearing, pace.")

    # Where; the reader's own units only, so computed without sudo
    intake_unit_id = fields.Many2one(
        "care.unit",
        "Intake at",
        index="btree_not_null",
        check_company=True,
        domain="[('regime', '=', 'assessed'), ('kind', '!=', 'on_call')]",
        help="While the client is at intake the managers of this unit open the file.",
    )
    stay_ids = fields.One2many("care.stay", "client_id", "Stays")
    unit_ids = fields.Many2many(
        "care.unit", string="Units", compute="_compute_stays", search="_search_unit_ids"
    )
    dwelling_id = fields.Many2one("care.dwelling", compute="_compute_stays")
    contact_person_ids = fields.One2many("care.contact.person", "client_id", "Contact Persons")
    contact_person_id = fields.Many2one("care.contact.person", compute="_compute_contact_person_id")
    contact_ids = fields.One2many("care.client.contact", "client_id", "Network")
    decision_ids = fields.One2many("care.decision", "client_id", "Decisions")
    consent_ids = fields.One2many("care.consent", "client_id", "Consents")
    lockout_ids = fields.One2many(
        "care.client.lockout",
        "client_id",
        "Lockouts",
        groups="social_care.group_care_manager,social_care.group_privacy_officer",
    )
    call_first = fields.Char(compute="_compute_call_first", help="Whom to call when something has happened.")
    default_unit_id = fields.Many2one("care.unit", compute="_compute_default_unit_id")
    stay_count = fields.Integer(compute="_compute_counts")
    decision_count = fields.Integer(compute="_compute_counts")
    consent_count = fields.Integer(compute="_compute_counts")
    due_count = fields.Integer("What Is Due", compute="_compute_due")
    due_date = fields.Date("Due", compute="_compute_due")

    _reference_uniq = models.UniqueIndex(
        "(company_id, reference)", "Another client of this company has this reference."
    )
    _reference_given = models.Constraint("CHECK (reference <> '')", "A client has a reference.")
    _personal_number_uniq = models.UniqueIndex(
        "(company_id, personal_number) WHERE personal_number IS NOT NULL",
        "A client with this personal number is registered already. If you cannot find the client, ask the"
        " manager of the unit where the client is known to send an intake to your unit.",
    )
    _personal_number_form = models.Constraint(
        "CHECK (personal_number ~ '^[0-9]{12}$')", "A personal number is stored as twelve digits."
    )
    _name_idx = models.Index("(listed_name)")
    _protected_idx = models.Index("(id) WHERE protection_level <> 'none'")

    @api.depends("reference")
    def _compute_display_name(self):
        """Always the reference: Odoo reads display names as superuser and stores them in activities."""
        for client in self:
            client.display_name = client.reference

    @api.model
    def _search_display_name(self, operator, value):
        """Find by name (each word), personal number in any form, or reference."""
        if operator == "in":
            return Domain.OR(self._search_display_name("=", text) for text in value)
        if operator not in ("=", "ilike", "like", "=ilike", "=like") or not isinstance(value, str):
            return NotImplemented
        if number := pnr.normalise(value):
            return Domain("personal_number", "=", number)
        words = value.split()
        if operator in ("=", "=ilike", "=like"):
            return Domain("reference", operator, value) | Domain("name", operator, value)
        return Domain("reference", operator, value) | Domain.AND(
            Domain("name", operator, word) for word in words
        )

    @api.depends("firstname", "lastname")
    def _compute_name(self):
        for client in self:
            client.name = " ".join(filter(None, [client.firstname, client.lastname]))

    @api.depends("firstname", "lastname", "protection_level", "reference")
    def _compute_listed_name(self):
        for client in self:
            if client.is_protected:
                client.listed_name = client.reference
            else:
                client.listed_name = ", ".join(filter(None, [client.lastname, client.firstname]))

    @api.depends("protection_level")
    def _compute_is_protected(self):
        for client in self:
            client.is_protected = client.protection_level not in (False, "none")

    def _search_personal_number(self, operator, value):
        """Compare twelve digits with twelve digits, however the number was typed."""
        if operator in ("in", "not in"):
            return Domain("personal_number", operator, [pnr.normalise(text) or text for text in value])
        if isinstance(value, str) and (number := pnr.normalise(value)):
            return Domain("personal_number", "not in" if operator.startswith("not") else "in", [number])
        return Domain("personal_number", operator, value)

    @api.depends("personal_number")
    def _compute_personal_number_written(self):
        for client in self:
            client.personal_number_written = pnr.written(client.personal_number)

    def _inverse_personal_number_written(self):
        for client in self:
            client.personal_number = client.personal_number_written

    @api.onchange("personal_number_written")
    def _onchange_personal_number_written(self):
        if self.personal_number_written:
            self.personal_number = self._read_personal_number(self.personal_number_written)
            self.personal_number_written = pnr.written(self.personal_number)

    @api.depends("personal_number")
    def _compute_birth_date(self):
        for client in self:
            try:
                client.birth_date = pnr.parse(client.personal_number)[1]
            except pnr.PersonalNumberError:
                client.birth_date = client.birth_date

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for client in self:
            born = client.birth_date
            client.age = born and today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @api.depends("stay_ids.date_from", "stay_ids.date_to", "stay_ids.ended_at", "stay_ids.dwelling_id")
    def _compute_stays(self):
        domain = [("client_id", "in", self.ids), ("state", "=", "active")]
        stays = self.env["care.stay"].search_fetch(domain, ["client_id", "unit_id", "dwelling_id"])
        by_client = stays.grouped("client_id")
        # at once; else each assignment below asks for its own
        stays.unit_id.fetch(["name", "active", "company_id"])
        for client in self:
            now = by_client.get(client._origin, stays.browse())
            client.unit_ids = now.unit_id
            client.dwelling_id = now.dwelling_id[:1]

    @api.depends("unit_ids", "intake_unit_id")
    def _compute_default_unit_id(self):
        """The unit that a new record of this client most likely belongs to."""
        for client in self:
            client.default_unit_id = client.unit_ids[:1] or client.intake_unit_id

    @api.model
    def _search_unit_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        return Domain("stay_ids", "any", Domain("state", "=", "active") & Domain("unit_id", operator, value))

    @api.depends(
        "contact_person_ids.employee_id", "contact_person_ids.date_from", "contact_person_ids.date_to"
    )
    def _compute_contact_person_id(self):
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.ids) & Domain("role", "=", "primary")
        found = contacts.search_fetch(
            domain & contacts._domain_now(), ["client_id", "unit_id", "employee_id"]
        )
        by_client = found.grouped("client_id")
        for client in self:
            client.contact_person_id = by_client.get(client._origin, contacts)[:1]

    @api.depends("contact_ids.call_first", "contact_ids.name", "contact_ids.phone")
    def _compute_call_first(self):
        contacts = self.env["care.client.contact"]
        domain = Domain("client_id", "in", self.ids) & Domain("call_first", "=", True)
        found = contacts.search_fetch(
            domain & contacts._domain_now(), ["client_id", "name", "relation", "phone"]
        )
        by_client = found.grouped("client_id")
        for client in self:
            contact = by_client.get(client._origin, contacts)[:1]
            client.call_first = ", ".join(filter(None, [contact.name, contact.relation, contact.phone]))

    @api.depends("stay_ids", "decision_ids", "consent_ids")
    def _compute_counts(self):
        for name, model in {
            "stay_count": "care.stay",
            "decision_count": "care.decision",
            "consent_count": "care.consent",
        }.items():
            groups = self.env[model]._read_group([("client_id", "in", self.ids)], ["client_id"], ["__count"])
            counts = dict(groups)
            for client in self:
                client[name] = counts.get(client._origin, 0)

    @api.depends("stay_ids")
    def _compute_due(self):
        """Activities hang on the stay, so that one unit does not see another's."""
        stays = self.env["care.stay"].search_fetch([("client_id", "in", self.ids)], ["client_id"])
        groups = self.env["mail.activity"]._read_group(
            [("res_model", "=", "care.stay"), ("res_id", "in", stays.ids)],
            ["res_id"],
            ["__count", "date_deadline:min"],
        )
        client_of = {stay.id: stay.client_id.id for stay in stays}
        due = {}
        for stay_id, count, deadline in groups:
            before = due.get(client_of[stay_id], (0, deadline))
            due[client_of[stay_id]] = (before[0] + count, min(before[1], deadline))
        for client in self:
            client.due_count, client.due_date = due.get(client._origin.id, (0, False))

    @api.model
    def default_get(self, fields):
        """Whoever manages one unit admits clients to that unit."""
        values = super().default_get(fields)
        if "intake_unit_id" in fields and "intake_unit_id" not in values:
            members = self.env["care.unit.member"]
            mine = (
                members._domain_now() & Domain("user_id", "=", self.env.uid) & Domain("role", "=", "manager")
            )
            units = members.search(mine).unit_id.filtered("keeps_clients")
            if len(units) == 1:
                values["intake_unit_id"] = units.id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = [vals for vals in vals_list if not vals.get("reference")]
        for vals, reference in zip(unnamed, self._next_references(len(unnamed)), strict=True):
            vals["reference"] = reference
        for vals in vals_list:
            self._normalise(vals)
        return super().create(vals_list)

    @api.model
    def _next_references(self, count):
        """As ``next_by_code`` does, but looking the sequence up once for all."""
        companies = ("company_id", "in", [self.env.company.id, False])
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "care.client"), companies], order="company_id", limit=1
        )
        return [sequence._next() for _number in range(count)]

    def write(self, vals):
        if MANAGER_FIELDS & vals.keys():
            self._check_managed()
        return super().write(self._normalise(dict(vals)))

    def _check_managed(self):
        """The group alone is not enough: who manages one unit and works in another manages the one."""
        if self.env.su:
            return
        managed = self.env["care.client"]
        if self.env.user.has_group("social_care.group_care_manager"):
            managed = self.search([("id", "in", self.ids), ("opened_by", "=", "management")])
        if self - managed:
            raise AccessError(
                self.env._("Only the unit's manager changes protection, intake and personal number.")
            )

    @api.model
    def _normalise(self, vals):
        """Personal number and phone as they are stored, whichever way they came in."""
        if written := vals.pop("personal_number_written", None):
            vals.setdefault("personal_number", written)
        if vals.get("personal_number"):
            vals["personal_number"] = self._read_personal_number(vals["personal_number"])
        elif "personal_number" in vals:
            vals["personal_number"] = False
        if vals.get("phone"):
            vals["phone"] = self._written_phone(vals["phone"])
        return vals

    @api.model
    def _read_personal_number(self, text):
        """Twelve digits, or an error that says what is wrong."""
        try:
            return pnr.parse(text)[0]
        except pnr.PersonalNumberError as error:
            reasons = {
                "format": self.env._("it must have ten or twelve digits"),
                "date": self.env._("there is no such date"),
                "future": self.env._("the date lies in the future"),
                "checksum": self.env._("the check digit is wrong"),
            }
            raise ValidationError(
                self.env._(
                    "%(number)s is not a personal number: %(reason)s. Correct it, or leave it empty while"
                    " the identity is unknown.",
                    number=text,
                    reason=reasons[error.reason],
                )
            ) from error

    @api.model
    def _find_exactly(self, key, companies):
        """The one client with this personal number or reference, as the caller may see it."""
        number = pnr.normalise(key)
        domain = (
            Domain("personal_number", "=", number)
            if number
            else Domain("reference", "=", (key or "").strip())
        )
        return self.search(domain & Domain("company_id", "in", companies.ids), limit=1)

    def _wall_client_of(self):
        return self

    def _export_path(self, path):
        if path and path[0] in ("name", "listed_name", "display_name"):
            return ["reference"]
        return super()._export_path(path)

    def action_open_stays(self):
        return self._action_open("social_care.care_stay_action")

    def action_open_decisions(self):
        return self._action_open("social_care.care_decision_action")

    def action_open_consents(self):
        return self._action_open("social_care.care_consent_action")

    def _action_open(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return action | {
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id, "default_unit_id": self.default_unit_id.id},
        }
