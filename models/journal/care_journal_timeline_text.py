from odoo import api, fields, models

from .care_journal_timeline import MODELS


class CareJournalTimeline(models.Model):
    """What a line shows: read from its source as the reader, one query per source."""

    _inherit = "care.journal.timeline"

    title = fields.Text(compute="_compute_shown")
    text = fields.Text(compute="_compute_shown")
    who = fields.Text(compute="_compute_shown")
    remark = fields.Text(compute="_compute_shown", help="Late, amended, struck: what a reader must know.")
    objections = fields.Text(compute="_compute_shown", help="What the client holds against it.")
    is_struck = fields.Boolean(compute="_compute_shown")

    @api.depends("source", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_shown(self):
        empty = dict.fromkeys(("title", "text", "who", "remark", "objections", "is_struck"), False)
        for source, lines in self.grouped("source").items():
            found = (
                self.env[MODELS[source]].search([("id", "in", lines.mapped("res_id"))]) if source else lines
            )
            describe = getattr(self, f"_describe_{source}", None)
            described = describe(found) if describe else {}
            for line in lines:
                line.update({**empty, **described.get(line.res_id, {})})

    def _describe_entry(self, entries):
        objections = entries._objections_shown()
        kinds = dict(entries._fields["kind"]._description_selection(self.env))
        return {
            entry.id: {
                "title": " · ".join(filter(None, [entry.kind != "note" and kinds[entry.kind], entry.about])),
                "text": entry.body,
                "who": entry._signature_line(),
                "remark": " · ".join(entry._remarks()),
                "objections": "\n".join(objection._line() for objection in objections[entry]),
                "is_struck": entry.state == "struck",
            }
            for entry in entries
        }

    def _describe_objection(self, objections):
        return {
            objection.id: {
                "title": self.env._("About note %s", objection.entry_id.reference),
                "text": objection.body,
                "who": objection._who_line(),
            }
            for objection in objections
        }

    def _describe_visit(self, visits):
        states = dict(visits._fields["state"]._description_selection(self.env))
        reasons = dict(visits._fields["reason"]._description_selection(self.env))
        levels = dict(visits._fields["own_level"]._description_selection(self.env))
        # sudo: care staff read no employees; the names of colleagues who made the visits come back
        employees = {employee.id: employee.name for employee in visits.employee_id.sudo()}
        return {
            visit.id: {
                "title": " · ".join(
                    filter(None, [visit.name, states[visit.state].lower(), reasons.get(visit.reason)])
                ),
                "text": "\n".join(filter(None, [levels.get(visit.own_level), visit.note])),
                "who": employees.get(visit.employee_id.id),
            }
            for visit in visits
        }

    def _describe_review(self, reviews):
        kinds = dict(reviews._fields["kind"]._description_selection(self.env))
        # sudo: whoever signed a review is named, though Odoo may hide the login from the reader
        return {
            review.id: {
                "title": " · ".join(
                    filter(None, [review.kind != "timed" and kinds[review.kind], review.goal_id.name])
                ),
                "text": "\n".join(filter(None, [review.client_view, review.body])),
                "who": review.signed_by_id.sudo().care_name,
            }
            for review in reviews
        }

    def _describe_plan(self, plans):
        # sudo: whoever put a plan in force is named, though Odoo may hide the login from the reader
        return {
            plan.id: {
                "title": self.env._(
                    "%(name)s, version %(version)s, in force", name=plan.name, version=plan.version
                ),
                "who": plan.activated_by_id.sudo().care_name,
            }
            for plan in plans
        }

    def _describe_handover(self, handovers):
        # sudo: two names alone, of a unit and a colleague in what may be a company not switched on
        return {
            handover.id: {
                "title": handover.from_unit_id.sudo().name,
                "text": handover.body,
                "who": handover.sent_by_id.sudo().care_name,
                "remark": handover.state == "sent" and self.env._("Unread"),
            }
            for handover in handovers
        }

    def _describe_check_visit(self, visits):
        """What the unit ordered and what it was told of the outcome; the log itself stays with the team."""
        states = dict(visits._fields["state"]._description_selection(self.env))
        reasons = dict(visits._fields["reason"]._description_selection(self.env))
        # sudo: two names alone, of the on-call unit in what may be another company and of a colleague
        return {
            visit.id: {
                "title": " · ".join(
                    filter(
                        None, [visit.oncall_unit_id.sudo().name, reasons[visit.reason], states[visit.state]]
                    )
                ),
                "text": "\n".join(filter(None, [visit.instructions, visit.outcome])),
                "who": visit.ordered_by_id.sudo().care_name,
                "remark": visit.is_late and self.env._("Late"),
            }
            for visit in visits
        }

    def _describe_stay_start(self, stays):
        return {stay.id: {"title": stay.unit_id.name} for stay in stays}

    def _describe_stay_end(self, stays):
        reasons = dict(stays._fields["end_reason"]._description_selection(self.env))
        return {
            stay.id: {"title": " · ".join(filter(None, [stay.unit_id.name, reasons.get(stay.end_reason)]))}
            for stay in stays
        }
