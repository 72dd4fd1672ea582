import base64
import hashlib
import io
import json
import zipfile

from odoo import fields, models
from odoo.exceptions import UserError


class CareSubjectPart(models.Model):
    """Collecting, judging in bulk, and releasing: the PDF, the data and the files, frozen with a fingerprint."""

    _inherit = "care.subject.part"

    # ------------------------------------------------------------------
    # Collecting
    # ------------------------------------------------------------------

    def action_collect(self):
        """Find everything that the unit keeps about the person now. What was judged before is kept, if unchanged."""
        self.check_access("write")
        for part in self:
            # sudo: no record of the extract is opened here, only compared with what is found anew
            judged = {
                (item.model, item.res_id, item.beside): item
                for item in part.sudo().item_ids.filtered("judged_by_id")
            }
            part._transition("collected", collected_at=fields.Datetime.now(), collected_by_id=self.env.uid)
            found = part.with_context(lang=part._person_lang())._found()
            # sudo: nobody has the right to make records of an extract; only a judgement is written by hand
            kept_sudo = self.env["care.subject.item"].sudo()
            new = []
            for values in found:
                old = judged.get((values["model"], values["res_id"], values["beside"]))
                if old and old.content == values["content"]:
                    kept_sudo |= old
                else:
                    new.append(values)
            # sudo: nobody has the right to delete them either; what is found anew takes their place
            (part.sudo().item_ids - kept_sudo)._delete_uncollected()
            kept_sudo.create(new)
            part.write({"read_through": False})

    def _person_lang(self):
        """The extract is written in the person's language, where it is installed."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        # sudo: in which language the client is written to, for who makes the part and opens no file
        lang = self.sudo().client_id.lang
        return lang if lang in installed else self.env.lang

    def _found(self):
        """The values of an item for each record, as superuser: the wall has let the manager at the part."""
        # sudo: the officer who makes the part of no unit opens no file; the wall has let them at the part
        register, part_sudo = self.env["care.subject.register"], self.sudo()
        found = []
        for model, entry in register._kinds():
            rows = register._rows(model, part_sudo.client_id, part_sudo.unit_id)
            label = entry.name or model._description
            for row in rows:
                found.append(self._item(model, entry, label, row.id, "", register._row(row, entry)))
            for res_id, kind, record in register._attached(model._name, rows.ids):
                values = register._attached_row(kind, record)
                found.append(self._item(model, entry, label, res_id, f"{kind}:{record.id}", values))
        return found if part_sudo.unit_id else found + self._found_in_log()

    def _item(self, model, entry, label, res_id, beside, values):
        told = not values["has_third"]
        return {
            "part_id": self.id,
            "processing_id": entry.id,
            "sequence": entry.sequence or 999,
            "model": model._name,
            "res_id": res_id,
            "beside": beside,
            "title": label,
            "outcome": told and "give",
            **values,
            "content": [list(line) for line in values["content"]],
        }

    def _found_in_log(self):
        """Who has opened the person's file, or tried to: one record for each reader, with a line a day."""
        if "care.access.log" not in self.env:
            return []
        # sudo: the person gets every line of the log, also those that no rule shows to who makes the part
        log_sudo = self.env["care.access.log"].sudo()
        # sudo: texts about the log as a kind of record, which name no person
        entry_sudo = self.env["care.processing"].sudo().search([("model", "=", "care.access.log")], limit=1)
        groups = log_sudo._read_group(
            [("client_id", "in", self.env["care.subject.register"]._files(self.client_id).ids)],
            ["user_id", "date:day", "refused", "operation"],
            ["model:array_agg_distinct"],
        )
        names = log_sudo._names_of_kinds(model for *_keys, kinds in groups for model in kinds)
        labels = dict(log_sudo._fields["operation"]._description_selection(self.env))
        title = entry_sudo.name or log_sudo._description
        readers = {}
        for user, day, refused, operation, kinds in groups:
            label = self.env._("Refused: %s", labels[operation]) if refused else labels[operation]
            text = f"{label}: {', '.join(sorted(names[model] for model in kinds))}"
            readers.setdefault(user, {}).setdefault(str(day)[:10], []).append(text)
        items = []
        for user, days in readers.items():
            content = [["user_id", self.env._("Who"), user.care_name or "", True]]
            for number, (day, texts) in enumerate(sorted(days.items())):
                content.append([f"line{number}", day, ". ".join(sorted(texts)), False])
            values = {"content": content, "has_third": True, "has_text": False, "date": False}
            items.append(self._item(log_sudo, entry_sudo, title, user.id, "", values))
        return items

    # ------------------------------------------------------------------
    # Releasing
    # ------------------------------------------------------------------

    def action_release(self):
        """Make the documents of what is given. From now on nothing of it is changed."""
        self.check_access("write")
        for part in self:
            part._check_judged()
            told = part.with_context(lang=part._person_lang())
            data = told._data()
            text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()
            part._transition(
                "released",
                released_by_id=self.env.uid,
                released_at=fields.Datetime.now(),
                content_hash=hashlib.sha256(text).hexdigest(),
            )
            self.env.flush_all()
            document, kind = told._render_document()
            package = part._pack(text, document, kind)
            part._write_decided(
                {"document": base64.b64encode(document), "package": base64.b64encode(package)}
            )

    def _check_judged(self):
        self._check_transition("released")
        if self.to_judge_count:
            raise UserError(
                self.env._(
                    "%(count)s records tell of somebody else. Judge each of them first.",
                    count=self.to_judge_count,
                )
            )
        if not self.read_through and self.item_ids.filtered("has_text"):
            raise UserError(
                self.env._("Read the free texts, and tick that you have. They may tell of somebody else.")
            )

    def _data(self):
        """The extract as data, for the person and for machines."""
        self.ensure_one()
        # sudo: the request is the privacy officer's; whose it is and when it came stand in the extract
        part_sudo = self.sudo()
        items = self.item_ids.sorted(lambda item: (item.sequence, item.id))
        return {
            "extract": self.reference,
            "provider": part_sudo.company_id.name,
            "unit": part_sudo.unit_id.name or "",
            "person": part_sudo.client_id.reference,
            "received": str(part_sudo.received_on),
            "collected": str(self.collected_at),
            "held_back": len(items.filtered(lambda item: item.outcome in ("part", "hold"))),
            "kinds": [
                {
                    "what": kind["title"],
                    "purpose": kind["entry"].purpose or "",
                    "source": kind["entry"].source or "",
                    "recipients": kind["entry"].recipients or "",
                    "retention": kind["entry"].retention or "",
                    "legal_source": kind["entry"].legal_source or "",
                    "records": [
                        {
                            "date": str(item.date or ""),
                            "given": item.outcome,
                            "fields": [[label, value] for label, value in item._given_lines()],
                        }
                        for item in kind["items"]
                    ],
                }
                for kind in self._kinds_of(items)
            ],
        }

    def _kinds_of(self, items):
        """The items by what they are, with the text on purpose, source, recipients and time."""
        # sudo: texts about kinds of records, which name no person and stand in every extract
        return [
            {"title": group[0].title, "entry": group[0].processing_id.sudo(), "items": group}
            for group in items.grouped("model").values()
        ]

    def _render_document(self):
        """PDF, or the same page as HTML on a server that cannot print."""
        reports = self.env["ir.actions.report"]
        name = "social_care.care_subject_report_document"
        if reports.get_wkhtmltopdf_state() in ("ok", "upgrade"):
            return reports._render_qweb_pdf(name, self.ids)
        return reports._render_qweb_html(name, self.ids)

    def _pack(self, data, document, kind):
        """Data, document and the files that are given, in one archive."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{self.reference}.json", data)
            archive.writestr(f"{self.reference}.{kind}", document)
            for item in self.item_ids.filtered(
                lambda i: i.outcome == "give" and i.beside.startswith("file:")
            ):
                # sudo: its row may be closed to who releases; the file was collected, and judged to be given
                file_sudo = self.env["ir.attachment"].sudo().browse(int(item.beside[5:])).exists()
                if file_sudo.raw:
                    name = (file_sudo.name or "").replace("/", "_").replace("\\", "_")
                    archive.writestr(f"files/{file_sudo.id}-{name}", file_sudo.raw)
        return stream.getvalue()
