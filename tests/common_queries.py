"""How often a screen asks the database, whatever the number of rows."""

from lxml import etree


class QueryCase:
    def _spec(self, user, model, view_type):
        """The fields of the view, as the web client asks for them."""
        arch = self.env[model].with_user(user).get_view(view_type=view_type)["arch"]
        return self._spec_of(etree.fromstring(arch), self.env[model])

    def _spec_of(self, node, model):
        spec = {}
        for child in node.iterchildren(tag=etree.Element):
            if child.tag == "field" and child.get("name") in model._fields:
                field = model._fields[child.get("name")]
                inner = {"display_name": {}}
                if field.type in ("one2many", "many2many"):
                    lines = self.env[field.comodel_name]
                    for view in child.iterchildren(tag=etree.Element):
                        inner.update(self._spec_of(view, lines))
                spec[field.name] = {"fields": inner} if field.relational else {}
            elif child.tag not in ("field",):
                spec.update(self._spec_of(child, model))
        return spec

    def _count(self, call):
        """Queries of a repeated call on a cold cache."""
        counts = []
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            call()
            counts.append(self.cr.sql_log_count - before)
        return counts[-1]
