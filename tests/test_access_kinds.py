"""Who reaches what, said in sentences and tried with a record of every kind (DESIGN.md, Roles and Walls).

The sentences are written by hand and are not made from rules or access lines: ``make mutate`` takes those away one by
one and expects a sentence here to break.
"""

from odoo.tests import TransactionCase, tagged

from .common_access import OPERATIONS
from .common_kinds import PEOPLE, KindsCase

STAFF = ("care_staff", "care_manager")
ONCALL = ("oncall_staff", "oncall_lead")


def every(*groups):
    """The people of a group, wherever they are members: the sentence holds in their own company."""
    names = [name for name, (theirs, _where) in PEOPLE.items() if set(groups) & set(theirs.split())]
    return [(name, "abroad, of all" if name == "stranger" else "here, there, of all") for name in names]


def anywhere(*groups):
    """The same for what belongs to no company."""
    return [(name, "here") for name, _kinds in every(*groups)]


def wizard(*groups):
    """Whoever has the group fills it in; nobody sees what another has filled in."""
    return [(name, f"of {name}") for name, _kinds in every(*groups)]


OURS = "here, there, shared, leaving, ended, planned, intake, protected"
LOG = "here, leaving, ended, planned, intake"
# Each way to a record: who goes it, and to which kinds.
WAYS = {
    # who now stay in a unit of which they are now a member, and for some days after the stay's end
    "staff": [
        ("staff, deputy", "here, leaving"),
        ("named, titular, manager", "here, leaving, protected"),
        ("neighbour, other_manager", "there, shared"),
    ],
    # planned and ended stays and clients at intake included
    "manager": [
        ("manager", "here, leaving, ended, planned, intake, protected"),
        ("other_manager", "there, shared"),
    ],
    # what has no unit of its own is open to each unit where the client stays
    "staff of both": [("staff, deputy, named, titular, manager", "shared")],
    "manager of both": [("manager", "shared")],
    # reading alone, of protected persons too, and never past a lockout
    "emergency": [("helper, night_helper", "here, protected")],
    "emergency of staff": [("helper", "here, protected")],
    # only while they are in the crew of a shift that is open
    "crew": [("crew", "here"), ("other_crew", "there, shared")],
    # the full log of their on-call units; about protected persons only for those named
    "team": [("crew, off_duty, lead, team_manager", LOG), ("other_crew", "there, shared")],
    "team lead": [("lead, team_manager", "here")],
    # everything of their relative-support units
    "supporter": [("supporter", "here"), ("other_supporter", "there")],
    # neutral things of a unit
    "member": [
        ("staff, named, titular, manager, deputy", "here"),
        ("neighbour, other_manager", "there"),
    ],
    "manager of unit": [("manager", "here"), ("other_manager", "there")],
    "served": [("crew, off_duty, lead, team_manager", "here"), ("other_crew", "there")],
    # access log, reviews, lockouts, retention; no content
    "officer": [("officer, officer_too", f"{OURS}, of all")],
    "admin": [("admin, admin_too", "here, there, of all, team, support")],
    "every staff": every(*STAFF),
    "every manager": every("care_manager"),
    "every on-call": every(*ONCALL),
    "every supporter": every("relative_support"),
    "staff anywhere": anywhere(*STAFF),
    "manager anywhere": anywhere("care_manager"),
    "on-call anywhere": anywhere(*ONCALL),
    "lead anywhere": anywhere("oncall_lead"),
    "supporter anywhere": anywhere("relative_support"),
    # a wizard's fields are those of whoever fills it in
    "staff's wizard": wizard(*STAFF),
    "manager's wizard": wizard("care_manager"),
    "on-call's wizard": wizard(*ONCALL),
    "lead's wizard": wizard("oncall_lead"),
    "supporter's wizard": wizard("relative_support"),
    "officer's wizard": wizard("privacy_officer"),
    # kinds of one model alone
    "not about oneself": [
        ("officer, officer_too", "lockout of staff"),
        ("officer_too", "lockout of officer, miss of officer"),
    ],
    "misses of another": [("officer_too", "of officer")],
    "lockouts by themselves": [("officer, officer_too", "by itself")],
    "accesses of one's own": [
        (name, f"here of {name}, protected of {name}") for name in ("helper", "night_helper")
    ],
    "accesses to review": [
        ("manager, officer, officer_too", f"{place} of {name}")
        for place in ("here", "protected")
        for name in ("helper", "night_helper")
    ],
    "draft of one's own": [
        ("staff", "draft of staff"),
        ("manager", "draft of manager, ended draft of manager"),
    ],
    "look of one's own": [("staff", "here of staff")],
    "cards out of use": [("staff, deputy, named, titular, manager", "not approved, old, put away")],
    "cards put away": [("helper, night_helper", "put away")],
    "part of no unit": [("officer, officer_too", "no unit")],
    "part of a team": [("team_manager", "team")],
    "receipt of one's own": [
        ("staff, titular, manager", "of staff"),
        ("crew, team_manager", "of crew"),
        ("supporter", "of supporter"),
        ("other_manager", "elsewhere of staff"),
    ],
    "receipts of the unit": [("titular, manager", "here"), ("other_manager", "there")],
    "team's members": [("crew, off_duty, lead, team_manager", "team")],
    "supporters' members": [("supporter", "support")],
    "sums of one's own": [("supporter", "support here"), ("other_supporter", "support there")],
    "officers' members": [("officer, officer_too", "team, support")],
}

FILE = "staff RWCD, manager RWCD, emergency R"
SEEN = "staff R, manager R, emergency R"
CODES = "every staff R, every on-call R, admin RWCD"
ALL_CODES = "staff anywhere R, on-call anywhere R, admin RWCD"
TO_EXTRACT = "officer's wizard RWCD, manager's wizard RWCD, lead's wizard RWCD"
# What each model's people may do, and everybody else may not: R read and find, W write, C create, D delete.
SENTENCES = {
    # the file
    "care.client": "staff RW, manager RWC, emergency R, staff of both RW, manager of both RWC",
    "care.client.number": "staff R, manager RCD, emergency R, staff of both R, manager of both RCD",
    "care.client.contact": "staff RWC, manager RWCD, emergency R",
    "care.stay": "staff R, manager RWCD, emergency R",
    "care.decision": "staff R, manager RWC, emergency R",
    "care.consent": "staff RWC, manager RWC, emergency R",
    "care.contact.person": "staff R, manager RWC, emergency R",
    "care.disclosure": "staff RWC, manager RWC",
    **dict.fromkeys(
        ("care.plan", "care.plan.goal", "care.plan.line", "care.plan.review", "care.plan.review.result"), FILE
    ),
    "care.signature": SEEN,
    "care.staff.choice": "staff RWC, manager RWCD, emergency R",
    "care.visit": "staff RW, manager RW, emergency R",
    "care.visit.report": "staff R, manager R, emergency of staff R",
    "care.journal.entry": f"{SEEN}, draft of one's own RWC",
    "care.journal.objection": "staff RC, manager RC, emergency R",
    "care.journal.timeline": SEEN,
    "care.journal.chain": "staff R, manager R, officer R",
    "care.journal.link": "officer R",
    "care.journal.look": "look of one's own R",
    # what an on-call team and the unit share
    "care.client.card": "crew R",
    "care.night.card": "staff RWC, manager RWC, emergency R, crew R, cards out of use RWC, cards put away R",
    "care.check.visit": "staff RWC, manager RWC, emergency R, crew R",
    "care.handover": f"{SEEN}, team R",
    # the team's own
    "care.oncall.shift": "team R, team lead RWCD",
    "care.oncall.event": "team RWC",
    "care.oncall.coverage": "team R",
    "care.disturbance": "team RWC",
    "care.safety.walk": "team RWC, team lead RWCD",
    "care.safety.walk.point": "team RWCD",
    "care.landlord.report": "team lead R",
    # watching over access, and what leaves the file by law
    "care.access.change": "officer R, not about oneself R",
    "care.access.log": "manager R, manager of both R, officer R",
    "care.access.log.seal": "officer R",
    "care.access.review": "manager of unit RW, officer RW",
    "care.access.review.line": "manager RW, officer RW",
    "care.client.lockout": "manager R, manager of both R, officer RWC, lockouts by themselves RWC",
    "care.emergency.access": "manager R, manager of both R, officer R, accesses of one's own R, accesses to review R",
    "care.emergency.attempt": "officer R, misses of another R",
    "care.retention.run": "officer RWCD",
    "care.retention.line": "officer RWCD",
    "care.subject.request": "officer RWC",
    "care.subject.part": "manager RW, part of no unit RW, part of a team RW",
    "care.subject.item": "manager RW, part of no unit RW, part of a team RW",
    "care.processing": "manager anywhere R, lead anywhere R, officer RW",
    # relative support, which no care unit reaches
    "care.relative.case": "supporter RWC",
    **dict.fromkeys(
        ("care.relative.contact", "care.relative.followup", "care.relative.note", "care.outreach",
         "care.outreach.line", "care.support.group", "care.support.participant", "care.support.session"),
        "supporter RWCD",
    ),
    "care.relative.erasure": "supporter R",
    "care.referral": "supporter RW",
    "care.outreach.refusal": "",
    "care.relative.report": "every supporter S, sums of one's own S",
    "care.referral.receipt": "receipt of one's own R, receipts of the unit R",
    "care.unit.support": "member RWCD, team's members RWCD",
    # units, places and code lists
    "care.unit": "every staff R, every on-call R, every supporter R, officer R, admin RWCD",
    "care.unit.member": "member R, team's members R, supporters' members R, officer R, officers' members R, admin RWCD",
    "care.mode.decision": "every staff R, every on-call R, every supporter R, officer R, admin RWCD",
    "care.dwelling": "member R, manager of unit RWC, served R, admin RWCD",
    "care.journal.phrase": "member R, manager of unit RWCD",
    "care.area": CODES,
    "care.relative.district": f"{CODES}, every supporter RWC",
    "care.plan.template": CODES,
    "care.plan.template.goal": CODES,
    "care.plan.template.line": CODES,
    "care.legal.basis": f"{ALL_CODES}, supporter anywhere R, officer R",
    "care.rule": f"{CODES}, every supporter R, officer R",
    "care.life.area": ALL_CODES,
    "care.task.type": ALL_CODES,
    # wizards
    **dict.fromkeys(
        ("care.client.deceased", "care.decision.offer", "care.take.back"), "staff's wizard RWC"
    ),
    **dict.fromkeys(
        ("care.journal.print", "care.journal.strike", "care.plan.end", "care.plan.sign"), "staff's wizard RWCD"
    ),
    **dict.fromkeys(
        ("care.access.log.print", "care.client.join", "care.contact.person.change", "care.plan.activate", "care.staff.choice.decline",
         "care.stay.end", "care.stay.move", "care.subject.open"),
        "manager's wizard RWCD",
    ),
    "care.check.visit.outcome": "on-call's wizard RWCD",
    "care.handover.send": "on-call's wizard RWCD",
    "care.oncall.numbers": "lead's wizard RWCD",
    "care.oncall.shift.close": "lead's wizard RWCD",
    "care.disturbance.report": "lead's wizard RWCD",
    "care.emergency.open": "staff's wizard RWCD, on-call's wizard RWCD",
    "care.emergency.judge": "manager's wizard RWCD, officer's wizard RWCD",
    "care.referral.send": "staff's wizard RWCD, on-call's wizard RWCD, supporter's wizard RWCD",
    **dict.fromkeys(
        ("care.relative.close", "care.relative.year", "care.unit.mode.change"), "supporter's wizard RWCD"
    ),
    "care.subject.answer": "officer's wizard RWCD",
    **dict.fromkeys(("care.subject.hand.over", "care.subject.judge", "care.subject.judge.line"), TO_EXTRACT),
}  # fmt: skip
LETTERS = {"search": "RS", **OPERATIONS}


@tagged("post_install", "-at_install")
class TestAccessKinds(KindsCase, TransactionCase):
    def _expected(self, name):
        """``{person: {operation: kinds}}`` as the model's sentence says."""
        expected = {person: {operation: set() for operation in LETTERS} for person in PEOPLE}
        for clause in filter(None, SENTENCES[name].split(", ")):
            way, _space, letters = clause.rpartition(" ")
            for people, kinds in WAYS[way]:
                for person in people.split(", "):
                    for operation, letter in LETTERS.items():
                        if set(letter) & set(letters):
                            expected[person][operation] |= self.rows[name].keys() & set(kinds.split(", "))
        return expected

    def _faults(self, name, operations=tuple(LETTERS)):
        """What the sentence and the records do not agree on, one line for each person and operation."""
        expected = self._expected(name)
        for person in PEOPLE:
            for operation in operations:
                reached, said = self._reached(person, name, operation), expected[person][operation]
                if too_much := sorted(reached - said):
                    yield f"{person} may {operation} {name}: {', '.join(too_much)}"
                if too_little := sorted(said - reached):
                    yield f"{person} may not {operation} {name}: {', '.join(too_little)}"

    def test_every_model_has_its_sentence_and_its_rows(self):
        models = {
            name for name, model in self.registry.items() if name.startswith("care.") and not model._abstract
        }
        self.assertEqual(SENTENCES.keys(), models)
        self.assertFalse([name for name in models if not any(self.rows[name].values())])

    def test_everybody_reaches_what_the_sentence_says_and_nothing_else(self):
        for name in sorted(SENTENCES):
            with self.subTest(model=name):
                self.env.invalidate_all()
                self.assertEqual(list(self._faults(name)), [])
