import re

from odoo import api, models
from odoo.tools import SQL, groupby, sql

MOST = 500  # that one row names

# Nothing else opened the client to the maker: neither a membership with a stay that was there before, nor one
# that manages; a stay that the maker has made in the same way is none.
STAYS = """
SELECT c.company_id, %(shown)s || '/' || s.id
  FROM care_stay s JOIN care_client c ON c.id = s.client_id
 WHERE EXISTS (SELECT 1 FROM care_emergency_access e WHERE e.client_id = s.client_id AND e.user_id = s.create_uid
                  AND e.date_from <= s.create_date AND e.date_to > s.create_date)
   AND NOT EXISTS (
       SELECT 1 FROM care_unit_member m JOIN care_stay b ON b.unit_id = m.unit_id
        WHERE m.user_id = s.create_uid AND m.opens_at <= s.create_date
          AND (m.closes_at IS NULL OR m.closes_at > s.create_date)
          AND b.client_id = s.client_id AND b.id < s.id
          AND (m.role = 'manager' OR (b.opens_at <= s.create_date
               AND (b.closes_at IS NULL OR b.closes_at > s.create_date)))
          AND NOT EXISTS (SELECT 1 FROM care_emergency_access e WHERE e.client_id = b.client_id
               AND e.user_id = b.create_uid AND b.create_uid = s.create_uid
               AND e.date_from <= b.create_date AND e.date_to > b.create_date))
 ORDER BY s.id
"""
# Whoever is nobody's employee has no other name to compare with.
NOTES = """
SELECT j.company_id, 'J' || lpad(j.id::text, 7, '0')
  FROM care_journal_entry j
 WHERE j.state <> 'draft' AND EXISTS (SELECT 1 FROM hr_employee e WHERE e.user_id = j.author_id)
   AND NOT EXISTS (SELECT 1 FROM hr_employee e WHERE e.user_id = j.author_id
                      AND lower(trim(e.name)) = lower(trim(j.author_name)))
 ORDER BY j.id
"""
CONSENTS = """
SELECT k.company_id, %(shown)s || '/' || k.id
  FROM care_consent k JOIN care_client c ON c.id = k.client_id
 WHERE k.withdrawn_at IS NULL AND k.withdrawn_by_id IS NOT NULL ORDER BY k.id
"""
CLIENTS = "SELECT c.company_id, %(shown)s FROM care_client c WHERE c.reference !~ %(pattern)s ORDER BY c.id"
FILES = """
SELECT c.company_id, %(shown)s || '/' || a.id
  FROM ir_attachment a JOIN %(table)s r ON r.id = a.res_id JOIN care_client c ON c.id = r.%(client)s
 WHERE a.res_model = %(model)s AND a.id IN (SELECT id FROM care_opened_file) ORDER BY a.id
"""


class CareAccessChange(models.Model):
    """What earlier versions have let through, and an upgrade finds: told to the privacy officers.

    By reference and number alone: the client's, and the row's after the stroke. A client whose reference
    may be a name is told as the number of the row.
    """

    _inherit = "care.access.change"

    @api.model
    def _note_found(self):
        """One row for each company and kind of finding; a company where nothing is found has none."""
        self.env.flush_all()
        found = {
            kind: groupby(getattr(self, f"_found_{kind}")(), lambda row: row[0])
            for kind in ("stays", "notes", "consents", "clients", "files")
        }
        rows = []
        for kind, by_company in found.items():
            for company_id, of_company in by_company:
                company = self.env["res.company"].browse(company_id)
                told = self.with_context(lang=company._care_privacy_officers()[:1].lang or self.env.lang)
                rows.append(
                    {
                        "kind": "found",
                        "name": told._found_titles()[kind],
                        "company_id": company_id,
                        "after": told._found_text([text for _company, text in of_company]),
                    }
                )
        return self._note(rows)

    @api.model
    def _found_titles(self):
        return {
            "stays": self.env._("Stays that were made while an emergency access alone opened the file"),
            "notes": self.env._("Signed notes with another author's name than the employee's"),
            "consents": self.env._("Consents whose withdrawal was taken away"),
            "clients": self.env._("Clients whose reference is not of the series"),
            "files": self.env._("Files of clients that can be read without a login"),
        }

    @api.model
    def _found_text(self, references):
        text = ", ".join(references[:MOST])
        if len(references) > MOST:
            return self.env._("%(text)s and %(count)s more", text=text, count=len(references) - MOST)
        return text

    def _found_stays(self):
        return self._found_by(STAYS)

    def _found_notes(self):
        return self._found_by(NOTES)

    def _found_consents(self):
        return self._found_by(CONSENTS)

    def _found_clients(self):
        return self._found_by(CLIENTS)

    def _found_files(self):
        """Of every kind of record that is kept about clients: what pre-attached.py has closed."""
        found = []
        if not sql.table_exists(self.env.cr, "care_opened_file"):
            return found
        for model in self.env.values():
            if (
                model._wall == "file"
                and model._auto
                and not model._abstract
                and model._wall_client in model._fields
            ):
                table, client = SQL.identifier(model._table), SQL.identifier(model._wall_client)
                found += self._found_by(FILES, table=table, client=client, model=model._name)
        return found

    def _found_by(self, query, **values):
        """``[(company_id, text)]``."""
        pattern = self._reference_pattern()
        shown = SQL("CASE WHEN c.reference ~ %s THEN c.reference ELSE '#' || c.id END", pattern)
        return self.env.execute_query(SQL(query, shown=shown, pattern=pattern, **values))

    @api.model
    def _reference_pattern(self):
        """Of the references that the clients' sequences give, as a regular expression."""

        def fixed(text):
            return ".+".join(re.escape(part) for part in re.split(r"%\(\w+\)s", text or ""))

        sequences = self.env["ir.sequence"].search([("code", "=", "care.client")])
        forms = [
            f"{fixed(sequence.prefix)}[0-9]{{{max(sequence.padding, 1)},}}{fixed(sequence.suffix)}"
            for sequence in sequences
        ]
        return f"^({'|'.join(forms)})$"
