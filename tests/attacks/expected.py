"""What each role may see, in words of our own: nothing here follows from the module's rules.

A kind of client is seen from the unit where everybody below works. What a role opens of it is None (the whole file)
or a list of models, or of single columns, whose texts it may read.
"""

import re
from typing import NamedTuple

KINDS = ("home", "elsewhere", "ended", "planned", "protected", "locked", "company", "relative")

REFERENCE = "care.client.reference"
CARD = ("care.client.name", "care.client.phone", "care.client.listed_name", REFERENCE)
TEAM_LOG = ("care.oncall.event", "care.handover", "care.handover.send", REFERENCE)
ON_DUTY = ("care.client.card", "care.night.card", "care.check.visit", *CARD, *TEAM_LOG)
# What a retention run deletes is listed by id and reference, without content.
RETAINED = ("care.plan", "care.journal.entry", "care.oncall.event", "care.disclosure", "care.subject.request")
OVERSEEN = (
    "care.access.review",
    "care.access.review.line",
    "care.client.lockout",
    "care.emergency.access",
    "care.journal.chain",  # hashes, no content
    "care.subject.part",
    "care.subject.request",
    REFERENCE,
    *(f"{model}.reference" for model in RETAINED),
)
NAMED = (*OVERSEEN, "care.retention.line")
# What a team wrote stays its own, whoever it is about and wherever that person now lives.
WRITTEN = dict.fromkeys(("home", "elsewhere", "ended", "planned"), TEAM_LOG)
MANAGED = dict.fromkeys(("home", "ended", "planned", "protected"))


class Role(NamedTuple):
    group: str | None  # None: nobody has logged in
    place: str = ""  # unit:role there, or company:other
    opens: dict = {}
    # The models in which it is the role's work to name a client of these kinds whose file it does not open.
    names: tuple = ()


ROLES = {
    "staff": Role("group_care_staff", "home:staff", {"home": None}),
    "manager": Role("group_care_manager", "home:manager", MANAGED),
    "crew": Role("group_oncall_staff", "oncall:staff", {**WRITTEN, "home": ON_DUTY}),
    "lead": Role("group_oncall_lead", "oncall:manager", {**WRITTEN, "home": ON_DUTY}),
    "off_duty": Role("group_oncall_staff", "oncall:staff", WRITTEN),
    "former": Role("group_care_staff", "former"),
    "tomorrow": Role("group_care_manager", "tomorrow:manager"),
    "stranger": Role("group_care_manager", "stranger:manager"),  # of another company, whose membership must not help
    "other_unit": Role("group_care_manager", "elsewhere:manager", {"elsewhere": None}),
    "supporter": Role("group_relative_support", "relative:staff", {"relative": None}),
    "officer": Role(
        "group_privacy_officer", "", dict.fromkeys(("home", "elsewhere", "ended", "planned", "protected"), OVERSEEN), NAMED
    ),
    "officer_abroad": Role("group_privacy_officer", "company:other", {"company": OVERSEEN}, NAMED),
    "officer_abroad_too": Role("group_privacy_officer", "company:other", {"company": OVERSEEN}, NAMED),
    "care_admin": Role("group_care_admin"),
    "sysadmin": Role("base.group_system"),
    "designer": Role("website.group_website_designer"),
    "employee": Role("base.group_user"),
    "portal": Role("base.group_portal"),
    "anonymous": Role(None),
}  # fmt: skip

# What must show an open record, or the attack proves nothing: (role, model) by each way of READS.
READS = (
    "read",
    "web_read",
    "search_read",
    "call_kw",
    "xmlrpc",
    "csv",
    "xlsx",
    "json1",
    "content",
    "attachment",
)
EXPORTS = ("csv", "xlsx")  # of protected persons nothing leaves
NOT_EXPORTED = ("care.oncall.event",)  # the team's log has readers, and leaves by no file
FILE = ("care.client", "care.client.contact", "care.decision", "care.plan", "care.stay")
MUST_SHOW = {
    "staff": (*FILE, "care.plan.line"),
    "manager": (*FILE, "care.consent", "care.signature"),
    "crew": ("care.client.card", "care.oncall.event"),
    "supporter": ("care.referral", "care.relative.case", "care.relative.note", "care.support.participant"),
}


def personal_number(number):
    """A valid one, in which the client's number can be read."""
    digits = f"0001{1 + number // 1000:02}{number % 1000:03}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return f"19{digits}{-total % 10}"


PERSONAL_NUMBER = re.compile(r"(?<!\d)190001(\d\d)-?(\d{3})\d(?!\d)")


def personal_numbers(text):
    """The numbers of the clients whose personal number stands in a text, with or without its hyphen."""
    return [(int(day) - 1) * 1000 + int(serial) for day, serial in PERSONAL_NUMBER.findall(text)]


def proves(way, model):
    """Whether an open record must show by this way."""
    if way == "json1":  # it shows the columns of the list that a model's own action opens, and many have none
        return model == "care.client"
    return way in READS and not (way in EXPORTS and model in NOT_EXPORTED)


def opened(opens, kind, column):
    """Whether the text of this ``model.field``, or any of this model, is open to who opens ``opens``."""
    if kind not in opens:
        return False
    told = opens[kind]
    return told is None or any(column == name or column.startswith(f"{name}.") for name in told)
