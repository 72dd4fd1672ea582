from odoo import fields


class OptionalInteger(fields.Integer):
    """An integer that may be empty: a question that was skipped is not a zero.

    Reads as ``False`` while empty, as an int otherwise; averages leave the empty ones out.
    """

    falsy_value = None
    aggregator = "avg"

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if value is None or value is False or value == "" else int(value)

    def convert_to_cache(self, value, record, validate=True):
        return self.convert_to_column(value, record)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_read(self, value, record, use_display_name=True):
        return value

    def convert_to_export(self, value, record):
        return "" if value is False else value


def show_answer(records, name):
    """Fill ``<name>_answer``, the screen's selection: it can be empty, which a number's widget cannot."""
    for record in records:
        record[f"{name}_answer"] = False if record[name] is False else str(record[name])


def take_answer(records, name):
    """The inverse: what was chosen on the screen becomes the number."""
    for record in records:
        answer = record[f"{name}_answer"]
        record[name] = int(answer) if answer else False


def selection_of(model, name):
    """The values of another model's selection, as ``fields.Selection`` takes them, in the reader's language.

    A function's values are shown as they are: Odoo translates those of a list alone.
    """
    return lambda self: self.env[model]._fields[name]._description_selection(self.env)
