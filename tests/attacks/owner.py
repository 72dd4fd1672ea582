"""One attack from its beginning to its faults, whoever carries it: KIND, ROLES, DOOR, TIME and SEED choose what is tried.

What was found is joined with what the database, asked as its owner, says has changed, and with the access log.
"""

import os
import random

# The clients whose file is closed to all who attack, as it was and as it is.
CLOSED = ("locked", "company")


def attack(know, query, send, seconds=10**6):
    """What is to be said of it, and the faults, each one line; ``query`` asks the database, ``send`` the colleague."""
    know |= {
        "seed": os.environ.get("SEED") or str(random.randrange(10**6)),
        "time": float(os.environ.get("TIME") or seconds),
        "door": os.environ.get("DOOR") or "",
        "only": (os.environ.get("KIND") or "").replace(",", " ").split() or know.get("only"),
    }
    if chosen := os.environ.get("ROLES"):
        know["roles"] = {role: told for role, told in know["roles"].items() if role in chosen.split(",")}
    owner = Owner(query, know)
    owner.remember()
    found = send(know)
    findings = [*found["findings"], *owner.rewritten(found["written"]), *owner.changed(), *owner.free_text()]
    return told(know, found, findings), [
        *grouped(findings),
        *(owner.unlogged(found["looks"]) if know["threads"] > 1 else ()),  # a test's requests are one transaction
        *(f"{role} cannot do what it is for: {door} ({target}): {said}" for role, door, target, said in found["missed"]),
        *(f"the attack itself failed: {attempt}: {trace}" for attempt, trace in found["errors"][:20]),
    ]  # fmt: skip


def told(know, found, findings):
    """How many were tried and how many succeeded, per kind."""
    yield f"SEED={know['seed']}: {found['calls']} requests in {found['seconds']} s: {found['statuses']}"
    for kind, count in found["tried"].items():
        succeeded = sum(finding[0] == kind for finding in findings)
        yield (
            f"{kind}: {count['tried']} of {count['all']} tried, {succeeded} succeeded"
            f" ({count['calls']} requests, {count['seconds']} s)"
        )


class Owner:
    """The database, asked as its owner: what was there before, and what is."""

    def __init__(self, query, know):
        self.query, self.know = query, know  # `query(statement, parameters)` returns rows
        self.roles = {told["id"]: role for role, told in know["roles"].items()}
        self.tables = {
            name: model["table"]
            for name, model in know["models"].items()
            if name.startswith("care.") and model["auto"] and not model["transient"]
        }

    def remember(self):
        self.query("CREATE SCHEMA attack_before")
        for table in self.tables.values():
            self.query(f"CREATE TABLE attack_before.{table} AS SELECT * FROM {table}")
            self.query(f"CREATE INDEX ON attack_before.{table} (id)")

    def kind_of(self, ident):
        number = (ident or 0) - self.know["start"]
        return next((k for k, (first, last) in self.know["kinds"].items() if first <= number <= last), None)

    def rewritten(self, written):
        """Readonly fields that hold what was written to them."""
        for role, model, field, ident, control, sent in written:
            table = self.tables[model]
            before = "" if control else "attack_before."
            rows = self.query(
                f"SELECT now.{field}::text, was.{field}::text FROM {table} now LEFT JOIN {before}{table} was"
                f" ON was.id = %s WHERE now.id = %s AND now.{field} IS DISTINCT FROM was.{field}",
                (control or ident, ident),
            )
            if rows and as_text(sent) == rows[0][0]:
                verb = "create" if control else "write"
                yield "readonly", role, model, f"{verb} {model}.{field}", "own", f"{rows[0][1]} became {sent}"

    def changed(self):
        """Rows made, changed or deleted about clients whose file was closed to who did it, or to everyone."""
        for model, table in self.tables.items():
            told = self.know["models"][model]
            if told["kind"] != "client" or not told["signed"] or model == "care.emergency.access":
                continue  # the last is made by the lawful way in, which is tried too
            client = "id" if model == "care.client" else "client_id"
            rows = self.query(
                f"SELECT now.id, now.{client}, now.create_uid, NULL FROM {table} now WHERE NOT EXISTS"
                f" (SELECT 1 FROM attack_before.{table} was WHERE was.id = now.id) UNION ALL"
                f" SELECT now.id, now.{client}, now.write_uid, 'changed' FROM {table} now JOIN attack_before.{table} was"
                " USING (id) WHERE now::text <> was::text"
            )  # fmt: skip
            for ident, client_id, user, verb in rows:
                kind, role = self.kind_of(client_id), self.roles.get(user, "somebody")
                told = self.know["roles"].get(role, {"opens": {}, "names": CLOSED})
                if kind and kind not in told["opens"] and model not in told["names"]:
                    what = f"row {ident} about client {client_id} was {verb or 'made'}"
                    yield "rows", role, model, f"{verb or 'made'} {model}", kind, what
            for kind in CLOSED:
                first, last = (self.know["start"] + number for number in self.know["kinds"][kind])
                gone = self.query(
                    f"SELECT was.id FROM attack_before.{table} was LEFT JOIN {table} now USING (id)"
                    f" WHERE was.{client} BETWEEN {first} AND {last} AND (now.id IS NULL"
                    " OR now::text <> was::text AND NOT coalesce(now.write_uid = ANY(%s), FALSE))",
                    (self.workers(kind, model),),
                )
                if gone:
                    yield (
                        "rows",
                        "somebody",
                        model,
                        f"changed {model}",
                        kind,
                        f"rows {gone[:5]} gone or changed",
                    )

    def workers(self, kind, model):
        """Users whose work it is to change rows of the model about clients of this kind: another company's officers."""
        roles = self.know["roles"].values()
        return [
            told["id"] for told in roles if kind in told["opens"] and model in (told["opens"][kind] or ())
        ]

    def free_text(self):
        """What was written about a client lies where Odoo keeps messages, or waits to be sent."""
        files = tuple(name for name, model in self.know["models"].items() if model["kind"])
        for table, model, texts in (
            ("mail_message", "model", ("body", "subject")),
            ("mail_activity", "res_model", ("note", "summary")),
        ):
            words = " OR ".join(f"{text} LIKE '%%intrång%%'" for text in texts)
            rows = self.query(
                f"SELECT {model}, create_uid, count(*) FROM {table} WHERE {model} IN %s AND ({words}) GROUP BY 1, 2",
                (files,),
            )
            for name, user, count in rows:
                role = self.roles.get(user, "somebody")
                yield (
                    "chains",
                    role,
                    name,
                    f"free text in {table}",
                    "own",
                    f"{count} texts stand beside a file",
                )
        for (count,) in self.query("SELECT count(*) FROM mail_mail WHERE body_html LIKE '%%intrång%%'"):
            if count:
                yield (
                    "chains",
                    "somebody",
                    "mail.mail",
                    "free text in mail_mail",
                    "own",
                    f"{count} texts to be sent",
                )

    def unlogged(self, looks):
        """Looks at a client's file that left no line."""
        lines = set(self.query("SELECT user_id, client_id FROM care_access_log"))
        for role, number, doors in looks:
            user = self.know["roles"][role]["id"]
            if user and (user, self.know["start"] + number) not in lines:
                yield f"{role} leaves no line: {', '.join(doors[:4])} (number {number})"


def as_text(value):
    """As PostgreSQL writes it."""
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def grouped(findings):
    """One line for what is found by the same door, with everybody who gets in there and where."""
    doors = {}
    for kind, role, model, door, target, what in findings:
        way = door if kind in ("naming", "readonly") else door.rpartition(" ")[0] or door
        doors.setdefault((kind, way), []).append((role, model, target, what))
    for (kind, way), found in sorted(doors.items()):
        roles, models, targets = (", ".join(sorted({one[part] for one in found})) for part in range(3))
        # words of a file say more than its reference, and that more than a record that may be named
        whats = sorted(
            (one[3] for one in found), key=lambda what: ("shows" not in what, ".reference" in what)
        )
        yield " ".join(f"{kind}: {way} at {models} ({targets}) as {roles}: {whats[0]}".split())
