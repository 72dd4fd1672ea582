import hashlib

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

# What Odoo keeps about the row itself; who wrote it and when is told apart.
BOOKKEEPING = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "company_id", "display_name", "sequence", "active",
    "opens_at", "closes_at", "changed_at",
}  # fmt: skip
# What belongs to the person and to no unit: told in the part of each unit that keeps anything.
OF_THE_PERSON = ("care.client", "care.client.number")
DATES = ("event_at", "received_at", "sent_at", "start", "date", "signed_at", "date_from", "window_start")


class CareSubjectRegister(models.AbstractModel):
    """Everything that is stored about one person, found by walking the registry and not by a list.

    Whatever stands behind the clients' wall is walked; what stands behind the relative support's wall is
    not, ever: it concerns another person. All methods are private: callers have checked who asks.
    """

    _name = "care.subject.register"
    _description = "Everything Stored about a Person"

    @api.model
    def _kinds(self):
        """Each kind of record that is kept about clients: ``[(model, its care.processing or none)]``."""
        # sudo: texts about kinds of records, which name no person, whoever makes the extract
        entries_sudo = {entry.model: entry for entry in self.env["care.processing"].sudo().search([])}
        none = self.env["care.processing"]
        found = []
        for name, model in self.env.items():
            entry = entries_sudo.get(name, none)
            if model._wall != "file" or model._abstract or model._transient or entry.is_projection:
                continue
            if name in self._not_collected():
                continue
            found.append((model, entry))
        return sorted(found, key=lambda kind: (kind[1].sequence or 999, kind[0]._name))

    @api.model
    def _not_collected(self):
        """The extracts themselves: they would hold themselves."""
        return {"care.subject.request", "care.subject.part", "care.subject.item"}

    @api.model
    def _units_of(self, client):
        """Every unit that keeps anything about the client, as superuser."""
        # sudo: whoever registers a request may open none of the units; each gets a part of it
        units_sudo, files = self.env["care.unit"].sudo(), self._files(client)
        for model, _entry in self._kinds():
            if model._wall_unit and model._wall_client != "id":
                domain = [(model._wall_client, "in", files.ids), (model._wall_unit, "!=", False)]
                # sudo: only units come back; the officer who registers the request opens no file
                groups = model.sudo().with_context(active_test=False)._read_group(domain, [model._wall_unit])
                units_sudo = units_sudo.union(*(unit for (unit,) in groups))
        # sudo: the unit that is getting to know the client, from a file that the officer does not open
        return units_sudo | files.sudo().intake_unit_id

    @api.model
    def _files(self, client):
        """The person's file and its doubles, whichever of them is named."""
        return client | client._other_files()

    @api.model
    def _rows(self, model, client, unit):
        """What the unit keeps of this kind; without a unit, what belongs to none."""
        domain = Domain(model._wall_client, "in", self._files(client).ids) & model._subject_domain()
        if model._wall_unit:
            domain &= Domain(model._wall_unit, "=", unit.id)
        elif bool(unit) != (model._name in OF_THE_PERSON):
            # sudo: no rows, in the same environment as those below
            return model.sudo()
        # sudo: all that the unit keeps, whichever rows the rules show to who makes the extract
        return model.sudo().with_context(active_test=False).search(domain)

    # ------------------------------------------------------------------
    # One row
    # ------------------------------------------------------------------

    @api.model
    def _row(self, record, entry):
        """What is stored in a row, as one reads it: ``{"content", "date", "has_third", "has_text"}``."""
        others = entry._names("third_party")
        content, has_text = [], False
        for name, field in self._told_fields(record, entry):
            value = self._written(record, name, field)
            if value:
                content.append([name, field._description_string(self.env) or name, value, name in others])
                has_text = has_text or field.type in ("text", "html")
        if record._log_access:
            author = f"{record.create_uid.care_name or ''} {self._moment(record.create_date)}"
            content.append(["create_uid", self.env._("Written by"), author, False])
        return {
            "content": content,
            "date": self._date(record),
            "has_third": any(third for _name, _label, _value, third in content),
            "has_text": has_text,
        }

    @api.model
    def _told_fields(self, record, entry):
        hidden = BOOKKEEPING | entry._names("left_out") | {record._wall_client, record._wall_unit}
        for name, field in record._fields.items():
            if not field.store or name in hidden or name.startswith(("message_", "activity_")):
                continue
            if field.relational and self.env[field.comodel_name]._wall == "file":
                continue  # another row of the file, which is told by itself
            if field.type not in ("one2many", "many2one_reference", "properties"):
                yield name, field

    @api.model
    def _written(self, record, name, field):
        """A value as text; of a file its size and fingerprint."""
        if field.type == "binary":
            data = record.with_context(bin_size=False)[name]
            return data and f"SHA-256 {hashlib.sha256(data).hexdigest()}"
        value = record[name]
        if field.type == "boolean":
            return value and self.env._("Yes")
        if not value and field.type not in ("integer", "float"):
            return False
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type in ("many2one", "many2many"):
            return ", ".join(self._called(each) for each in value)
        if field.type == "datetime":
            return self._moment(value, record)
        if field.type == "float":
            point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point or "."
            return f"{value:g}".replace(".", point)
        return str(value) if value is not False else False

    @api.model
    def _called(self, record):
        if record._name == "res.users":
            return record.care_name
        return record.name if record._name == "hr.employee" else record.display_name or ""

    @api.model
    def _called_author(self, message):
        user = message.author_id.with_context(active_test=False).user_ids[:1]
        return user.care_name or message.author_id.name or message.email_from

    @api.model
    def _moment(self, value, record=None):
        if not value:
            return ""
        zone = self.env.company.care_tz or "Europe/Stockholm"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), value).strftime("%Y-%m-%d %H:%M")

    @api.model
    def _date(self, record):
        for name in (*DATES, "create_date"):
            value = name in record._fields and record[name]
            if value:
                return fields.Date.to_date(value)
        return False

    # ------------------------------------------------------------------
    # What Odoo keeps beside the rows
    # ------------------------------------------------------------------

    @api.model
    def _attached(self, model_name, ids):
        """Files, messages and activities that hang on the rows: ``[(res_id, kind, record)]``."""
        found = []
        for kind, other, model_field in (
            ("file", "ir.attachment", "res_model"),
            ("message", "mail.message", "model"),
            ("activity", "mail.activity", "res_model"),
        ):
            domain = [(model_field, "=", model_name), ("res_id", "in", ids)]
            # sudo: what hangs on a row is the person's too; Odoo gives it to those who open the row alone
            records_sudo = (
                self.env[other]
                .sudo()
                .search([*domain, ("res_field", "=", False)] if kind == "file" else domain)
            )
            found += [(record.res_id, kind, record) for record in records_sudo]
        return found

    @api.model
    def _attached_row(self, kind, record):
        """As ``_row``."""
        content = {
            "file": lambda: [
                ("name", self.env._("File"), record.name),
                ("mimetype", self.env._("Kind"), record.mimetype),
                ("file_size", self.env._("Size"), f"{record.file_size} B"),
                ("checksum", self.env._("Fingerprint"), record.checksum),
            ],
            "message": lambda: [
                ("date", self.env._("When"), self._moment(record.date)),
                ("author_id", self.env._("Written by"), self._called_author(record)),
                ("body", self.env._("Message"), html2plaintext(record.body or "")),
            ],
            "activity": lambda: [
                ("date_deadline", self.env._("Due"), str(record.date_deadline)),
                ("user_id", self.env._("For"), record.user_id.care_name),
                ("summary", self.env._("Reminder"), record.summary or record.activity_type_id.name),
                ("note", self.env._("Note"), html2plaintext(record.note or "")),
            ],
        }[kind]()
        return {
            "content": [[name, label, value, False] for name, label, value in content if value],
            "date": fields.Date.to_date(record.create_date),
            "has_third": False,
            "has_text": kind != "activity" or bool(record.note),
        }


class CareWalled(models.AbstractModel):
    _inherit = "care.walled"

    @api.model
    def _subject_domain(self):
        """What of this kind a person's extract holds."""
        return Domain.TRUE


class CareClientNumber(models.Model):
    _inherit = "care.client.number"

    @api.model
    def _subject_domain(self):
        """The personal number itself stands with the person."""
        return Domain("kind", "!=", "current")


class CareJournalEntry(models.Model):
    _inherit = "care.journal.entry"

    @api.model
    def _subject_domain(self):
        """No drafts: running text that has not got its final form (lag 2018:218, 5 kap. 2 §).

        Nobody but its author reads one, nor does whoever makes the extract. The system signs what is left.
        """
        return Domain("state", "!=", "draft")
