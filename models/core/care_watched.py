from odoo import api, models, tools


class CareWatched(models.AbstractModel):
    """Rows of Odoo or of the app that decide what opens, or that run as superuser: each change is noted and told.

    Watched are the fields named below, and those that say ``opens_access=True`` themselves. While modules are
    installed or upgraded their files decide, and reviewers have read those.
    """

    _name = "care.watched"
    _description = "Noted when Changed"

    _care_kind = "lever"
    _care_watched_fields = ()
    # A new unit or company opens nothing yet: memberships have two persons behind them.
    _care_notes_new = True

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "opens_access" or super()._valid_field_parameter(field, name)

    def _care_watched_rows(self):
        """Those whose changes concern anybody. Asked before and after a change."""
        return self

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if self._care_notes_new:
            rows._care_note_changed({}, rows._care_snapshot())
        return rows

    def write(self, vals):
        if not self._care_watched_names() & vals.keys():
            return super().write(vals)
        self.env["care.closed"]._forget_opened()
        before = self._care_snapshot()
        result = super().write(vals)
        self._care_note_changed(before, self._care_snapshot())
        return result

    def unlink(self):
        before = self._care_snapshot()
        result = super().unlink()
        self._care_note_changed(before, {})
        return result

    @api.model
    @tools.ormcache("self._name")
    def _care_watched_names(self):
        own = {name for name, field in self._fields.items() if getattr(field, "opens_access", False)}
        return frozenset(own.union(self._care_watched_fields))

    def _care_snapshot(self):
        """``{id: (name, company_id, lines)}`` of those that are watched."""
        if not self.env.registry.ready:
            return {}
        # sudo: what is noted does not hang on what the one who changes it may read
        rows_sudo = self.sudo().with_context(lang=None, active_test=False)._care_watched_rows()
        return {row.id: (row.display_name, row._care_company_id(), row._care_lines()) for row in rows_sudo}

    def _care_company_id(self):
        if self._name == "res.company":
            return self.id
        return "company_id" in self._fields and self.company_id.id

    def _care_lines(self):
        lines = []
        for field in (self._fields[name] for name in sorted(self._care_watched_names())):
            value = self[field.name]
            if isinstance(value, models.BaseModel):
                value = ", ".join(value.mapped("display_name"))
            text = "" if value is False and field.type != "boolean" else str(value)
            lines += [f"{field.string}: {line}" for line in text.splitlines()]
        return lines

    @api.model
    def _care_note_changed(self, before, after):
        """The lines that went and those that came: of long code or a long page nobody reads the rest."""
        rows = []
        for id_ in sorted(before.keys() | after.keys()):
            name, company_id, old = before.get(id_, (None, None, []))
            name, company_id, new = after.get(id_, (name, company_id, []))
            if old == new:
                continue
            gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
            if not gone and not come:  # their order alone
                gone, come = old, new
            rows.append(
                {
                    "kind": self._care_kind,
                    "name": f"{self._description}: {name}",
                    "company_id": company_id,
                    "before": "\n".join(gone),
                    "after": "\n".join(come),
                }
            )
        self.env["care.access.change"]._note(rows)
