from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ...models.core.care_indexed_text import MOST
from ..common import CareCase

# Text columns that an ordinary index of the database holds.
HELD = """
    SELECT t.relname, a.attname, x.relname
      FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid
      JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
      JOIN pg_class t ON t.oid = i.indrelid
      JOIN pg_attribute a ON a.attrelid = t.oid AND (
           a.attnum = ANY(i.indkey) OR EXISTS (
           SELECT 1 FROM pg_depend d WHERE d.objid = x.oid AND d.refobjid = t.oid AND d.refobjsubid = a.attnum
           AND pg_get_expr(i.indexprs, i.indrelid) LIKE '%%' || a.attname || '%%'))
     WHERE t.relname = ANY(%s) AND a.atttypid IN ('varchar'::regtype, 'text'::regtype)
"""


@tagged("post_install", "-at_install")
class TestCareIndexedText(CareCase, TransactionCase):
    """A text too long for an index is refused in words, on every door."""

    def _models(self):
        models = (self.env[name] for name in self.env.registry if name.startswith("care."))
        return {model._table: model for model in models if model._auto and not model._abstract}

    def test_every_text_that_an_index_holds_is_known(self):
        models = self._models()
        self.env.cr.execute(HELD, [list(models)])
        held = {}
        for table, column, index in self.env.cr.fetchall():
            field = models[table]._fields[column]
            if field.type in ("char", "text"):
                held.setdefault((table, index), set()).add(column)
                self.assertIn(column, models[table]._indexed_text(), table)
        self.assertGreater(len(held), 20)
        for (table, index), columns in held.items():
            self.assertLess(len(columns) * MOST * 2, 2700, f"{index} of {table} holds too much")

    def test_a_long_text_is_refused_in_words_wherever_it_is_stored(self):
        tried = 0
        for model in self._models().values():
            for name in model._indexed_text():
                record = model.sudo().search([], limit=1)
                with self.subTest(model=model._name, field=name), self.assertRaises(UserError) as refused:
                    model._create([{"stored": {name: "x" * 1_000_000}}])
                self.assertNotIn("xxx", str(refused.exception))
                if record:
                    with self.assertRaises(UserError):
                        record._write({name: "x" * 1_000_000})
                    tried += 1
        self.assertGreater(tried, 5)

    def test_create_write_and_import(self):
        long = "0" * 1_000_000
        clients = self._as(self.north_manager, self.env["care.client"])
        cilla = self._as(self.north_manager, self.cilla)
        for vals in ({"phone": long}, {"lastname": long}, {"firstname": long}):
            with self.subTest(list(vals)):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    clients.create({"lastname": "Ny", "intake_unit_id": self.north.id, **vals})
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    cilla.write(vals)
                    self.env.flush_all()
                row = {"lastname": "Ny", "personal_number": "199001019802", **vals}
                told = clients.load(list(row), [list(row.values())])
                self.assertFalse(told["ids"])
                self.assertIn(str(MOST), told["messages"][0]["message"])
