"""A night at Jouren, which serves Norr: the crew is oncall_staff."""

from datetime import timedelta

from odoo import Command, fields

from .common import CareCase


class OncallCase(CareCase):
    """Tonight's shift of Jouren, which serves Norr: the crew is oncall_staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.shift = cls._shift(cls.oncall_staff)

    @classmethod
    def _shift(cls, *crew, start=-1, hours=8, unit=None, state="open", **vals):
        employees = cls.env["hr.employee"].union(*(cls._employee(user) for user in crew))
        values = {
            "unit_id": (unit or cls.oncall).id,
            "date_start": cls.now + timedelta(hours=start),
            "date_end": cls.now + timedelta(hours=start + hours),
            "employee_ids": [Command.set(employees.ids)],
            "state": state,
        }
        return cls.env["care.oncall.shift"]._create_decided([{**values, **vals}])

    @classmethod
    def _event(cls, **vals):
        values = {"unit_id": cls.oncall.id, "shift_id": cls.shift.id, "reason": "anxiety"}
        return cls.env["care.oncall.event"].create({**values, **vals})

    def _new(self, user=None):
        """An event as the crew opens it."""
        shift = self._as(user or self.oncall_staff, self.shift)
        return self.env["care.oncall.event"].browse(shift.action_new_event()["res_id"])

    @classmethod
    def _visit(cls, **vals):
        values = {
            "client_id": cls.astrid.id,
            "unit_id": cls.north.id,
            "window_start": cls.now + timedelta(hours=1),
            "window_end": cls.now + timedelta(hours=3),
        }
        return cls.env["care.check.visit"].create({**values, **vals})

    @classmethod
    def _night_card(cls, client, unit, **vals):
        values = {
            "client_id": client.id,
            "unit_id": unit.id,
            "what_helps": "Tala lugnt",
            "approved_by": "client",
        }
        return cls.env["care.night.card"].create({**values, **vals})
