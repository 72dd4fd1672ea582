from lxml import etree

from odoo import api, models
from odoo.tools import ormcache


class Base(models.AbstractModel):
    """A relation to a person tells a reader who may know it who the person is, and a form about one begins with that.

    Display names are references, because Odoo reads them as superuser and stores them. A label is put in their place
    in the answer to the reader alone, where nothing is stored: choices, what a form or a list reads, and headings.
    """

    _inherit = "base"

    # Whether the model has labels.
    _labelled = False

    def _reader_labels(self):
        """``{id: label}`` of those of which the reader may be told more than the display name. Overridden, never by sudo."""
        return {}

    @api.model
    @ormcache("self._name")
    def _labelled_fields(self):
        return {
            name: field.comodel_name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.comodel_name in self.env
            and self.env[field.comodel_name]._labelled
        }

    @api.model
    def _put_labels(self, rows):
        """:param rows: ``{"id", "display_name"}`` of records of this model, as Odoo answers"""
        labels = self.browse(dict.fromkeys(row["id"] for row in rows))._reader_labels() if rows else {}
        for row in rows:
            if row["id"] in labels:
                shown = {"display_name", "__formatted_display_name"} & row.keys()
                row.update(dict.fromkeys(shown, labels[row["id"]]))

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.readonly
    def web_read(self, specification):
        rows = super().web_read(specification)
        if self.env.su:
            return rows
        if self._labelled and specification.keys() == {"display_name"}:  # of a record just chosen
            self._put_labels(rows)
        for name, comodel in self._labelled_fields().items():
            if "display_name" in specification.get(name, {}).get("fields", ()):
                self.env[comodel]._put_labels([row[name] for row in rows if row[name]])
        return rows

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        pairs = super().name_search(name, domain, operator, limit)
        if self.env.su or not self._labelled:
            return pairs
        labels = self.browse(id_ for id_, _shown in pairs)._reader_labels()
        return [(id_, labels.get(id_, shown)) for id_, shown in pairs]

    @api.model
    @api.readonly
    def web_name_search(self, name, specification, domain=None, operator="ilike", limit=100):
        rows = super().web_name_search(name, specification, domain, operator, limit)
        if self._labelled and not self.env.su:
            self._put_labels(rows)
        return rows

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        comodel = self._labelled_fields().get(groupby_spec)
        if self.env.su or not comodel:
            return formatter
        labels = self.env[comodel].browse(value.id for value in values if value)._reader_labels()

        def labelled(value):
            shown, domain = formatter(value)
            return shown and (shown[0], labels.get(*shown)), domain

        return labelled

    # ------------------------------------------------------------------
    # Forms
    # ------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """A form says first whom it is about, before it is saved, too."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and "client_id" in self._labelled_fields():
            self._put_person(arch)
        return arch, view

    @api.model
    def _put_person(self, arch):
        """Care staff go on to the client's own page. Others open none, and no dialog leads away from what it asks."""
        title = etree.Element("div", {"class": "oe_title o_care_person", "invisible": "not client_id"})
        line = etree.SubElement(title, "h1")
        staff = "social_care.group_care_staff"
        for group, no_open in ((staff, self._transient), (f"!{staff}", True)):
            options = str({"no_open": bool(no_open)})
            etree.SubElement(line, "field", name="client_id", readonly="1", options=options, groups=group)
        fields = (
            self._fields[node.get("name")] for node in arch.iter("field") if node.get("invisible") != "1"
        )
        if self._transient and getattr(next(fields, None), "type", None) in ("date", "datetime"):
            # with the focus on the day, a telephone's calendar would cover the name and what is asked
            arch.set("disable_autofocus", "1")
            title.set("tabindex", "0")
        page = arch if arch.find("sheet") is None else arch.find("sheet")
        above = [
            node for node in page if node.tag in ("header", "widget") or node.get("name") == "button_box"
        ]
        page.insert(len(above), title)
