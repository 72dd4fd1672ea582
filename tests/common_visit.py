"""A plan in force, with the people who may carry it out."""

from datetime import datetime, timedelta

import pytz

from .common import CareCase


class VisitCase(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.conversation = cls.env.ref("social_care.task_type_conversation")
        cls.hygiene = cls.env.ref("social_care.task_type_hygiene")
        cls.north_colleague = cls._user("north_colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.north_colleague)
        cls.staff = cls._employee(cls.north_staff)
        cls.colleague = cls._employee(cls.north_colleague)
        cls.manager = cls._employee(cls.north_manager)
        cls.visits = cls.env["care.visit"]

    @classmethod
    def _plan(cls, client=None, unit=None, **vals):
        return cls.env["care.plan"].create(
            {
                "client_id": (client or cls.astrid).id,
                "unit_id": (unit or cls.north).id,
                "name": "Plan",
                "date_from": cls._day(-20),
                **vals,
            }
        )

    @classmethod
    def _line(cls, plan, days="1234567", **vals):
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        return cls.env["care.plan.line"].create(
            {
                "plan_id": plan.id,
                "name": "Samtal",
                "task_type_id": cls.conversation.id,
                "responsible": "unit",
                "day_part": "morning",
                "time_from": 8,
                "duration": 0.5,
                **{name: str(number) in days for number, name in enumerate(names, 1)},
                **vals,
            }
        )

    @classmethod
    def _set_plan_state(cls, plan, *states):
        """As the plan's own verbs would, which have tests of their own: the guards let lawful moves pass."""
        cls.env.flush_all()
        for state in states:
            cls.env.cr.execute("UPDATE care_plan SET state = %s WHERE id = %s", (state, plan.id))
        plan.invalidate_recordset()
        cls.visits._refresh([("id", "=", plan.id)])

    @classmethod
    def _active(cls, plan):
        cls._set_plan_state(plan, "proposed", "active")
        return plan

    @classmethod
    def _choice(cls, employee, state="accepted", task_type=None, **vals):
        choice = cls.env["care.staff.choice"].create(
            {
                "client_id": cls.astrid.id,
                "unit_id": cls.north.id,
                "task_type_id": (task_type or cls.conversation).id,
                "employee_id": employee.id,
                "date_from": cls._day(-30),
                **vals,
            }
        )
        if state == "accepted":
            choice.action_accept()
        return choice

    @classmethod
    def _away(cls, employee, start, end):
        """What Odoo's Time Off writes when it grants an absence."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "company_id": cls.company.id,
                "date_from": start,
                "date_to": end,
            }
        )

    @classmethod
    def _visit(cls, plan=None, day=0, **vals):
        """A visit of today: the generation itself only looks ahead."""
        plan = plan or cls._active(cls._plan())
        line = plan.line_ids[:1]
        same = [("first_line_id", "=", vals.get("first_line_id", line.id)), ("date", "=", cls._day(day))]
        with cls.visits._deciding():
            cls.visits.search(same).unlink()
        start = datetime.combine(cls._day(day), datetime.min.time()) + timedelta(hours=8)
        return cls.visits.create(
            {
                "client_id": plan.client_id.id,
                "unit_id": plan.unit_id.id,
                "plan_id": plan.id,
                "line_id": line.id,
                "first_line_id": line.id,
                "task_type_id": line.task_type_id.id,
                "date": cls._day(day),
                "start": start,
                "stop": start + timedelta(hours=1),
                **vals,
            }
        )

    @staticmethod
    def _local(moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone("Europe/Stockholm"))
