"""What Odoo's log complained of, beyond what is harmless. For processes that have Odoo."""

import logging
import re
import traceback

# Logged by Odoo itself whatever the module does, as "logger: message"
HARMLESS = re.compile(
    r"odoo: Running as user 'root'"
    # that tests failed, which is counted already
    r"|odoo\.tests\.result: "
    r"|odoo\.modules\.loading: (Module \w+: \d+ failures|At least one test failed)"
)


class LogWatch(logging.Handler):
    """Keeps every warning and error that no test expected (assertLogs and mute_logger hold theirs back)."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.complaints = []
        self.quiet = False  # the test runner itself is logging a failure

    def emit(self, record):
        message = record.getMessage()
        if not self.quiet and not HARMLESS.match(f"{record.name}: {message}"):
            cause = f"\n{traceback_text(record)}" if record.exc_info else ""
            self.complaints.append(f"{record.levelname} {record.name}: {message}{cause}")

    def start(self):
        logging.getLogger().addHandler(self)
        return self

    def tell(self):
        """The status of a process that keeps to it: one complaint a line, and 1 if there are any."""
        print("\n".join(self.complaints))
        return 1 if self.complaints else 0


def traceback_text(record):
    return "".join(traceback.format_exception(*record.exc_info)[-4:]).strip()
