from . import care_journal_print, care_journal_strike
