from . import (
    test_care_client_journal,
    test_care_journal_access,
    test_care_journal_chain,
    test_care_journal_entry,
    test_care_journal_entry_states,
    test_care_journal_frozen,
    test_care_journal_report,
    test_care_journal_shown,
    test_care_journal_signing,
    test_care_journal_timeline,
    test_care_journal_tour,
    test_care_journal_verify,
)
