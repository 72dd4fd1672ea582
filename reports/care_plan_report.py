from types import SimpleNamespace

from odoo import api, fields, models
from odoo.tools.image import image_data_uri


class CarePlanReport(models.AbstractModel):
    """The plan on paper. Whoever calls the report by its address meets the same wall as on the screen."""

    _name = "report.social_care.care_plan_report_document"
    _description = "Plan on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["care.plan"].browse(docids)
        plans.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "care.plan",
            "docs": plans,
            "sheets": [self._sheet(p) for p in plans],
        }

    def _sheet(self, plan):
        """All that the page shows, from the frozen content where there is one."""
        plan = plan.with_context(lang=plan._client_lang())
        content = plan._shown_content()
        return {
            "plan": plan,
            "folio": self._folio(plan, content),
            "lang": plan._client_lang(),
            "content": content,
            "reference": plan.client_id.reference,
            # A protected person's name never leaves the file.
            "client": plan.client_id.reference if plan.is_protected else content["wording"]["client"],
            "groups": self._groups(content),
            "texts": self._texts(plan, content),
            "signatures": [self._signature(plan, signature) for signature in plan._signatures_now()],
            "date_from": fields.Date.to_date(content["date_from"]),
            "review_date": fields.Date.to_date(content["review_date"]),
        }

    def _folio(self, plan, content):
        """What Odoo's layout asks of a document; its name stands at the foot of each page, with the number."""
        name = self.with_context(lang=plan._client_lang()).env._(
            "%(reference)s, version %(version)s", reference=content["reference"], version=content["version"]
        )
        return SimpleNamespace(_name=plan._name, id=plan.id, env=plan.env, name=name)

    def _groups(self, content):
        """Each goal with its lines; lines without a goal come last."""
        lines = {}
        for line in content["lines"]:
            lines.setdefault(line["goal"], []).append(line)
        groups = [(goal, lines.pop(goal["id"], [])) for goal in content["goals"]]
        left = [line for rest in lines.values() for line in rest]
        return groups + ([(None, left)] if left else [])

    def _texts(self, plan, content):
        names = [
            "influence",
            "cooperation",
            "follow_up",
            "child_view",
            "guardian_view",
            "family_contact",
            "board_contact",
        ]
        return [
            (plan._fields[name]._description_string(plan.env), content[name])
            for name in names
            if content.get(name)
        ]

    def _signature(self, plan, signature):
        labels = {
            name: dict(signature._fields[name]._description_selection(plan.env)).get(signature[name])
            for name in ("role", "outcome", "method")
        }
        image = signature.with_context(bin_size=False).image
        hidden = plan.is_protected and signature.role != "contact_person"
        # sudo: the colleagues who signed are named on paper, though Odoo may hide a login
        return {
            **labels,
            "name": plan.client_id.reference if hidden else signature.signer_name,
            "at": fields.Datetime.context_timestamp(
                signature.with_context(tz=plan.company_id.care_tz), signature.signed_at
            ).strftime("%Y-%m-%d %H:%M"),
            # Who could not sign has drawn nothing.
            "how": signature.method != "drawn" or bool(image),
            "scanned": signature.method == "paper",
            "staff": signature.user_id.sudo().care_name,
            "witness": signature.witness_id.sudo().care_name,
            "counted": signature._is_counted(),
            "agreed": signature.outcome == "agreed",
            "note": signature.note,
            "image": image and not hidden and image_data_uri(image),
        }


class CarePlanEasyReport(models.AbstractModel):
    """The same agreement in easy Swedish: large type, short sentences, one line a thing."""

    _name = "report.social_care.care_plan_easy_report_document"
    _description = "Plan, Easy to Read"
    _inherit = ["report.social_care.care_plan_report_document"]

    def _sheet(self, plan):
        sheet = super()._sheet(plan)
        for _goal, lines in sheet["groups"]:
            for line in lines:
                line["easy_who"] = self.with_context(lang=sheet["lang"])._easy_who(line)
        return sheet

    def _easy_who(self, line):
        """In the client's own person: the name alone where there is one, as it was agreed."""
        who = line["wording"]["who"] or ""
        if line["responsible"] == "client":
            return self.env._("I do it myself")
        if ": " in who:
            return who.split(": ", 1)[1]
        return {
            "chosen": self.env._("The person I have chosen"),
            "contact_person": self.env._("My contact person"),
            "unit": self.env._("Staff"),
        }.get(line["responsible"], who)
