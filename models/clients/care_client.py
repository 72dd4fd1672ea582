from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _lang_get
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import personal_number as pnr
from ...tools import phone_number

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
    _labelled = True
    _wall_unit = None
    _wall_exportable = {
        "id", ".id", "reference", "listed_name", "company_id", "protection_level", "stay_ids", "lang",
        "double_of_id",
    }  # fmt: skip

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

    # Where
    intake_unit_id = fields.Many2one(
        "care.unit",
        "Intake at",
        index="btree_not_null",
        check_company=True,
        domain="[('regime', '=', 'assessed'), ('kind', '!=', 'on_call')]",
        help="While the client is at intake the managers of this unit open the file.",
    )
    stay_ids = fields.One2many("care.stay", "client_id", "Stays")
    contact_person_ids = fields.One2many("care.contact.person", "client_id", "Contact Persons")
    contact_ids = fields.One2many("care.client.contact", "client_id", "Network")
    decision_ids = fields.One2many("care.decision", "client_id", "Decisions")
    consent_ids = fields.One2many("care.consent", "client_id", "Consents")
    lockout_ids = fields.One2many(
        "care.client.lockout",
        "client_id",
        "Lockouts",
        groups="social_care.group_care_manager,social_care.group_privacy_officer",
    )
    _reference_uniq = models.UniqueIndex(
        "(company_id, reference)", "Another client of this company has this reference."
    )
    _reference_given = models.Constraint("CHECK (reference <> '')", "A client has a reference.")
    _name_idx = models.Index("(listed_name)")
    _protected_idx = models.Index("(id) WHERE protection_level <> 'none'")

    @api.depends("reference")
    def _compute_display_name(self):
        """Always the reference: Odoo reads display names as superuser and stores them in activities."""
        for client in self:
            client.display_name = client.reference

    def _reader_labels(self):
        """Name, reference and year of birth of those whose file is open; of a protected person the reference."""
        opened = self._opened_with(["reference", "name", "birth_date", "protection_level", "deceased_on"])
        return {client.id: client._reader_label() for client in opened}

    def _reader_label(self):
        if self.is_protected:
            return self.reference
        return " · ".join(
            filter(None, [self.name, self.reference, self.birth_date and str(self.birth_date.year)])
        )

    @api.model
    def _search_display_name(self, operator, value):
        """Find by name (each word, as lists show it too), any number in any form, birth date, or reference."""
        if operator == "in":
            return Domain.OR(self._search_display_name("=", text) for text in value)
        if operator not in ("=", "ilike", "like", "=ilike", "=like") or not isinstance(value, str):
            return NotImplemented
        if number := pnr.normalise(value):
            return self._domain_numbered([number], with_doubles=True)
        has_digits = any(map(str.isdecimal, value))
        numbered = self._domain_numbered([pnr.stored(value)] if has_digits else (), with_doubles=True)
        if operator in ("=", "=ilike", "=like"):
            return Domain("reference", operator, value) | Domain("name", operator, value) | numbered
        if dates := pnr.dates(value):
            return Domain("birth_date", "in", dates) | numbered
        words = (Domain("name", operator, word) for word in value.replace(",", " ").split())
        return Domain("reference", operator, value) | Domain.AND(words) | numbered

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

    @api.model
    def default_get(self, fields):
        """Whoever manages one unit admits clients to that unit."""
        values = super().default_get(fields)
        if "intake_unit_id" in fields and "intake_unit_id" not in values:
            members = self.env["care.unit.member"]
            mine = members._domain_now() & members._domain_mine() & Domain("role", "=", "manager")
            units = members.search(mine).unit_id.filtered("keeps_clients")
            if len(units) == 1:
                values["intake_unit_id"] = units.id
        return values

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Whatever a list is sorted by, namesakes keep their places from page to page."""
        return super()._search(domain, offset, limit, f"{order}, id" if order else order, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handed_in({name for vals in vals_list for name in vals}, "create")
        vals_list = [dict(vals) for vals in vals_list]
        unnamed = [vals for vals in vals_list if not vals.get("reference")]
        for vals, reference in zip(unnamed, self._next_references(len(unnamed)), strict=True):
            vals["reference"] = reference
        with self._deciding("reference"):
            clients = super().create(vals_list)
        # sudo: which kind of provider a company is decides which rules of law hold, and is no secret
        if not all(clients.company_id.sudo().mapped("care_operator_type")):
            raise UserError(
                self.env._(
                    "Say first, under Settings, Social Care, whether the provider is municipal or private: the rules"
                    " of law depend on it."
                )
            )
        return clients

    @api.model
    def _next_references(self, count):
        """As ``next_by_code`` does, but looking the sequence up once for all."""
        companies = ("company_id", "in", [self.env.company.id, False])
        # sudo: the app's counters are closed to all; the next numbers alone come back
        sequence_sudo = (
            self.env["ir.sequence"]
            .sudo()
            .search([("code", "=", "care.client"), companies], order="company_id", limit=1)
        )
        return [sequence_sudo._next() for _number in range(count)]

    def write(self, vals):
        if MANAGER_FIELDS & vals.keys():
            self._check_managed()
            self._forget_opened()
        vals = self._normalise(dict(vals))
        for client in self if vals.get("personal_number") else ():
            client._check_numbers_are_free([{"company_id": client.company_id.id, **vals}])
        return super().write(vals)

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
            vals["personal_number"] = self._read_personal_number(
                vals["personal_number"], vals.get("birth_date")
            )
        elif "personal_number" in vals:
            vals["personal_number"] = False
        if vals.get("phone"):
            vals["phone"] = phone_number.written(self, vals["phone"])
        return vals

    @api.model
    def _find_exactly(self, key, companies):
        """The one client with this reference, else with this number, as the caller may see it."""
        found = self.search(self._domain_named(key) & Domain("company_id", "in", companies.ids))
        text = (key or "").strip()
        return found.sorted(lambda client: client.reference != text)[:1]

    def _wall_client_of(self):
        return self

    def _export_path(self, path):
        if path and path[0] in ("name", "listed_name", "display_name"):
            return ["reference"]
        return super()._export_path(path)
