import csv
import io

# A cell that begins so is a formula to a spreadsheet, which may fetch, send or run things.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(rows):
    """Rows as a file that a Swedish Excel opens by double click: semicolons, and UTF-8 that says so.

    :param rows: lists of values; empty values become empty cells
    :rtype: bytes
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[plain_cell(value) for value in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def plain_cell(value):
    """The value as text that no spreadsheet takes for a formula."""
    text = "" if value is None or value is False else str(value).replace("\0", "")
    if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS):
        return f"'{text}"
    return text
