"""Steps after one another that somebody has once got in by, or could."""

import json
import time

from .attempts import TAMPERED, Attacking, rows
from .expected import personal_number

# Where somebody once got through: always tried. The other models are sampled.
NAMED = (
    "care.client", "care.contact.person", "care.disclosure", "care.emergency.access", "care.journal.entry", "care.referral",
    "care.staff.choice", "care.stay",
)  # fmt: skip


class Chains(Attacking):
    """Steps that somebody has once got in by, or could: named, so always tried."""

    name = "chains"

    def attempts(self):
        for role in self.those("staff", "manager", "other_unit"):
            for target in self.closed_kinds(role, "care.client"):
                yield from self.by_emergency(role, target)
        for model in self.files():
            door = f"approve in one company, delete in another {model}"
            for role in self.those("officer_abroad"):
                yield self.chain(role, door, "elsewhere", self.delete_abroad(model), model, model in NAMED)
            yield from self.posting(model)
        for role in self.those("staff", "manager"):
            door = "take a colleague's name, then sign care.journal.entry"
            yield self.chain(role, door, "home", self.rename_then_sign(role))

    def by_emergency(self, role, target):
        if target == "protected":
            run = self.emergency_in_vain(role, "by its reference", lambda number: f"K-{self.ident(number)}")
            yield self.chain(role, "open a protected file by reference care.client", target, run)
        if target in ("locked", "company"):
            run = self.emergency_in_vain(role, "by its personal number", personal_number)
            yield self.chain(role, "open a closed file by emergency care.client", target, run)
            return
        for model in self.files():
            if "client_id" in self.models[model]["fields"]:
                door = f"open by emergency, then create {model}"
                run = self.emergency_then_create(role, model)
                yield self.chain(role, door, target, run, model, model in NAMED, opens=True)
        run = self.emergency_then_read(role)
        yield self.chain(role, "open by emergency, then read care.client", target, run, opens=True)

    def posting(self, model):
        if model in self.know["hung"]:
            for role in self.roles:
                for target in self.open_kinds(role, model):
                    run = self.post_on(role, model)
                    yield self.chain(role, f"post on {model}", target, run, model, model in NAMED)

    def emergency(self, role, number):
        """By the whole personal number, as often as it takes: attack.py lets an hour go by now and then."""
        for _turn in range(5):
            answer = self.ask_emergency(role, personal_number(number))
            if not answer.refused:
                break
            time.sleep(1)
        return answer

    def ask_emergency(self, role, identifier):
        reason = "Klienten svarar inte och grannen hör rop"
        return self.doors.json2(
            role, "care.emergency.access", "action_open", identifier=identifier, reason=reason
        )

    def emergency_in_vain(self, role, how, identify):
        def run(number):
            if not self.ask_emergency(role, identify(number)).refused:
                self.found(f"a file opens by emergency {how}")
            self.doors.json2(role, "care.client", "read", ids=[self.ident(number)])

        return run

    def emergency_then_read(self, role):
        def run(number):
            self.emergency(role, number)
            with_marks = self.doors.json2(role, "care.client", "read", ids=[self.ident(number)])
            if with_marks.refused:
                self.found("NOT OPENED: the lawful way in by emergency does not open the file")

        return run

    def emergency_then_create(self, role, model):
        def run(number):
            self.emergency(role, number)
            vals = self.blank(role, model, number)
            vals["client_id"] = self.ident(number)
            ids, _answer = self.make(role, model, **vals)
            if ids:
                self.found(f"an emergency opened what lasts: {model} {ids[0]} is made")

        return run

    def delete_abroad(self, model):
        def run(number):
            one, two = "officer_abroad", "officer_abroad_too"
            line = {"model": model, "res_id": self.ident(number)}
            vals = {"reason": TAMPERED, "source": TAMPERED, "company_id": self.roles[one]["company"]}
            ids, _answer = self.make(one, "care.retention.run", **vals, line_ids=[[0, 0, line]])
            if not ids:
                return
            self.doors.json2(one, "care.retention.run", "web_read", ids=ids, specification={
                "line_ids": {"fields": {"reference": {}, "display_name": {}, "res_id": {}}}
            })  # fmt: skip
            for role, verb in ((one, "propose"), (one, "approve"), (two, "approve"), (one, "execute")):
                answer = self.doors.json2(role, "care.retention.run", f"action_{verb}", ids=ids)
            if not answer.refused:
                self.found(f"two officers of another company have deleted {model} {self.ident(number)}")

        return run

    def post_on(self, role, model):
        """Free text beside the file, and to an address outside."""

        def run(number):
            ident = self.ident(number)
            post = {"body": TAMPERED, "message_type": "comment", "partner_emails": ["utanfor@example.com"]}
            self.doors.rpc(role, "/mail/message/post", thread_model=model, thread_id=ident, post_data=post)
            self.call(role, model, "message_post", [ident], body=TAMPERED, message_type="comment")
            self.call(role, model, "message_notify", [ident], body=TAMPERED, partner_ids=[3])
            self.call(role, model, "activity_feedback", [ident], act_type_xmlids=["mail.mail_activity_data_todo"],
                      feedback=TAMPERED)  # fmt: skip
            activity = {"res_model": model, "res_id": ident, "summary": TAMPERED, "note": TAMPERED}
            ids, _answer = self.make(role, "mail.activity", **activity)
            self.call(
                role, "mail.activity", "action_feedback", ids or [self.hung(model, number)], feedback=TAMPERED
            )
            mail = {"model": model, "res_ids": json.dumps([ident]), "body": TAMPERED, "subject": TAMPERED}
            ids, _answer = self.make(role, "mail.compose.message", **mail, partner_ids=[[6, 0, [3]]])
            if ids:
                self.call(role, "mail.compose.message", "action_send_mail", ids)

        return run

    def rename_then_sign(self, role):
        def run(number):
            other = f"Prov {'manager' if role == 'staff' else 'staff'}"
            self.call(role, "res.users", "write", [self.roles[role]["id"]], vals={"name": other})
            vals = self.blank(role, "care.journal.entry", number) | {"body": TAMPERED}
            ids, made = self.make(role, "care.journal.entry", **vals)
            signed = self.doors.json2(role, "care.journal.entry", "action_sign", ids=ids)
            read = self.doors.json2(
                role, "care.journal.entry", "read", ids=ids, fields=["state", "author_name"]
            )
            note = (rows(read) or [None])[0]
            self.call(role, "res.users", "write", [self.roles[role]["id"]], vals={"name": f"Prov {role}"})
            if not note or note["state"] != "signed":
                self.found(
                    f"NOT SIGNED: a note of one's own cannot be signed: {made.text[:200]} {signed.text[:200]}"
                )
            elif note["author_name"] == other:
                self.found(f"a note is signed in a colleague's name: {other}")

        return run
