class ImportRun:
    """What one call of ``load`` knows about its rows; it travels in the context."""

    def __init__(self):
        self.references = {}  # field name -> {text in the file: records it names}
        self.known_ids = set()  # external ids that exist
        self.seen = set()  # natural keys of the rows so far
        self.row = {}  # the filled cells of the row at hand
        self.is_new = True  # ... as far as its ids tell
        self.periods = {}  # of stays: (client, unit) -> first and last days of the rows so far
        self.last_row = -1
        self.matched = []  # references of whom rows have found by name, birth date and unit
        self.stored_alone = set()  # rows that could be stored when Odoo tried one by one
        self.has_errors = False  # a row is bad as it is written
        self.refusal = None  # why the file is refused as a whole
