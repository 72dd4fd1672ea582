"""A curious colleague with a script: `-m attacks.colleague ADDRESS,... KNOWLEDGE.json RESULT.json`. Needs only Python.

It holds one API key and one password for each role and knows what a registry tells (see known.py). Each kind of
attack goes through the registry: models, fields, methods, routes, clients open and closed. Of all those attempts it
tries as many as the given time allows, in an order that SEED settles; every answer is searched for the marks that
the files hold, and what it saw of whom is written down.
"""

import json
import random
import re
import sys
import time
import traceback
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .apps import Apps
from .attempts import MISSING, Numbers
from .chains import Chains
from .doors import Doors
from .expected import EXPORTS, MUST_SHOW, opened, proves
from .tricks import Tricks
from .ways import Alike, Routes, Ways
from .writing import Naming, Pairs, Readonly

# How the time is shared: what can go wrong in more ways gets more.
KINDS = {Ways: 6, Tricks: 3, Naming: 6, Readonly: 3, Pairs: 1, Chains: 2, Apps: 1, Routes: 3, Alike: 2}


class Colleague:
    def __init__(self, doors, know):
        self.doors, self.know = doors, know
        self.kinds = [kind(self.doors, know["seed"]) for kind in KINDS]
        self.numbers = Numbers(know)
        self.findings, self.looks, self.missed, self.errors, self.took = [], {}, [], [], []
        self.tried = {}

    def run(self):
        began = time.monotonic()
        for role in self.know["roles"]:
            self.doors.log_in(role)
        chosen = [kind for kind in self.kinds if not self.know["only"] or kind.name in self.know["only"]]
        shares = sum(KINDS[type(kind)] for kind in chosen)
        for kind in chosen:
            self.attack(kind, self.know["time"] * KINDS[type(kind)] / shares)
        return {
            "findings": self.findings,
            "looks": [[role, number, doors] for (role, number), doors in self.looks.items()],
            "missed": self.missed,
            "errors": self.errors,
            "written": [one for kind in chosen for one in getattr(kind, "written", [])],
            "tried": self.tried,
            "calls": self.doors.calls,
            "statuses": self.doors.statuses,
            "seconds": round(time.monotonic() - began),
            "slowest": sorted(self.took, reverse=True)[:10],
        }

    def attack(self, kind, seconds):
        """As many of the kind's attempts as fit; those with a name first, and always."""
        attempts = [one for one in kind.attempts() if re.search(self.know["door"], one.door)]
        random.Random(self.know["seed"]).shuffle(attempts)
        attempts = list(self.without_repetition(attempts))
        attempts.sort(key=lambda attempt: (not attempt.named, self.weight(attempt)))
        deadline = time.monotonic() + seconds
        began, calls = time.monotonic(), self.doors.calls
        queue = iter(attempts)
        if self.know["threads"] == 1:
            tried = self.work(queue, deadline)
        else:
            with ThreadPoolExecutor(self.know["threads"]) as pool:
                done = [pool.submit(self.work, queue, deadline) for _thread in range(self.know["threads"])]
            tried = sum(future.result() for future in done)
        self.tried[kind.name] = {
            "all": len(attempts),
            "tried": tried,
            "calls": self.doors.calls - calls,
            "seconds": round(time.monotonic() - began),
        }

    def able(self, attempt):
        operation, model = attempt.needs or ("", "")
        return not operation or model in self.know["roles"][attempt.role]["may"].get(operation, ())

    def without_repetition(self, attempts):
        """To whom a model is closed, it is closed whichever client is asked for: each way is tried at one of them."""
        asked = set()
        for attempt in attempts:
            key = (attempt.role, attempt.model, attempt.door)
            if attempt.named or self.able(attempt) or key not in asked:
                asked.add(key)
                yield attempt

    def weight(self, attempt):
        """Those in vain from the start come last, one in ten excepted."""
        return 0 if self.able(attempt) or zlib.crc32(str(attempt).encode()) % 10 == 0 else 1

    def work(self, queue, deadline):
        tried = 0
        while True:
            with self.numbers.lock:
                attempt = next(queue, None)
            # in a test nothing is tried for longer than that
            always = attempt and attempt.named and self.know["threads"] > 1
            if attempt is None or (time.monotonic() > deadline and not always):
                break
            self.try_one(attempt)
            tried += 1
        return tried

    def try_one(self, attempt):
        here = self.doors.here
        here.seen, here.found, here.attempt = {}, [], str(attempt)
        number = (
            None if attempt.target == "own" else self.numbers.of(attempt.role, attempt.target, attempt.opens)
        )
        began = time.monotonic()
        try:
            attempt.run(number)
        except Exception:  # noqa: BLE001  a fault of the attack's own; told at the end
            self.errors.append([str(attempt), traceback.format_exc()[-600:]])
        self.took.append((round(time.monotonic() - began, 1), str(attempt)))
        self.judge(attempt, number, here)
        here.seen = None

    def judge(self, attempt, number, here):
        opens = self.know["roles"][attempt.role]["opens"]
        head = [attempt.kind, attempt.role, attempt.model, attempt.door, attempt.target]
        for what in here.found:
            if what.startswith("NOT "):
                self.missed.append([attempt.role, attempt.door, attempt.target, what])
            else:
                self.findings.append([*head, what])
        shown = False
        for sent, marks in here.seen.items():
            forbidden = sorted(
                (n, column)
                for n, column in marks
                if not (opened(opens, self.kind_of(n), column) or (attempt.opens and n == number))
            )
            if forbidden:
                told = ", ".join(f"{column} of {self.kind_of(n)} {n}" for n, column in forbidden[:4])
                self.findings.append([*head, f"shows {told} by {sent[:160]}"])
            for n, column in marks - set(forbidden):
                shown |= n == number
                if not column.endswith(".reference") and self.kind_of(n) != "relative":
                    self.looks.setdefault((attempt.role, n), [])
                    if attempt.door not in self.looks[attempt.role, n]:
                        self.looks[attempt.role, n].append(attempt.door)
        if not shown and self.must_show(attempt, opens):
            self.missed.append([attempt.role, attempt.door, attempt.target, "shows nothing"])

    def must_show(self, attempt, opens):
        way, _, model = attempt.door.partition(" ")
        if way in EXPORTS and attempt.target == "protected":
            return False
        lawful = attempt.kind == "ways" and proves(way, model) and opened(opens, attempt.target, model)
        return lawful and model in MUST_SHOW.get(attempt.role, ())

    def kind_of(self, number):
        for kind, (first, last) in self.know["kinds"].items():
            if first <= number <= last:
                return kind
        return MISSING


if __name__ == "__main__":
    know = json.loads(Path(sys.argv[2]).read_text())
    Path(sys.argv[3]).write_text(json.dumps(Colleague(Doors(sys.argv[1], know), know).run()))
