"""What PostgreSQL refuses goes to the server's log, without what stands in it."""

import logging
import re

OURS = re.compile(r"\bcare_\w+")


class WithoutValues(logging.Filter):
    """Odoo logs a failed statement with its values, and PostgreSQL's detail names them again.

    Of a statement about a table of the app stay its verb, the table, and which error or constraint it was.
    """

    def filter(self, record):
        if (
            str(record.msg).startswith("bad query")
            and isinstance(record.args, tuple)
            and len(record.args) == 2
        ):
            query, error = record.args
            text = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
            if table := OURS.search(text):
                verb = re.match(r"\W*(\w*)", text)[1]
                diag = getattr(error, "diag", None)
                record.args = (
                    f"{verb} {table[0]} (values left out)",
                    " ".join(
                        filter(
                            None,
                            [
                                type(error).__name__,
                                getattr(error, "pgcode", None),
                                getattr(diag, "constraint_name", None),
                                getattr(diag, "column_name", None),
                            ],
                        )
                    ),
                )
        return True


def install():
    logger = logging.getLogger("odoo.sql_db")
    if not any(isinstance(known, WithoutValues) for known in logger.filters):
        logger.addFilter(WithoutValues())
