"""What Odoo's log complained of, beyond what is harmless. For processes that have Odoo."""

import logging
import traceback

# Logged by Odoo itself whatever the module does: (logger, beginning of the message)
HARMLESS = (
    ("odoo", "Running as user 'root'"),
    ("odoo.tests.result", ""),  # how many tests failed: counted already
)


class LogWatch(logging.Handler):
    """Keeps every warning and error that no test expected (assertLogs and mute_logger hold theirs back)."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.complaints = []
        self.quiet = False  # the test runner itself is logging a failure

    def emit(self, record):
        message = record.getMessage()
        harmless = any(record.name == name and message.startswith(text) for name, text in HARMLESS)
        if not self.quiet and not harmless:
            cause = f"\n{traceback_text(record)}" if record.exc_info else ""
            self.complaints.append(f"{record.levelname} {record.name}: {message}{cause}")

    def start(self):
        logging.getLogger().addHandler(self)
        return self


def traceback_text(record):
    return "".join(traceback.format_exception(*record.exc_info)[-4:]).strip()
