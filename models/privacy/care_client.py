from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class CareClient(models.Model):
    """A file that is open to the reader for some hours, and whoever must know of it."""

    _inherit = "care.client"

    emergency_until = fields.Datetime("Open by Emergency Access until", compute="_compute_emergency_until")

    @api.depends_context("uid")
    def _compute_emergency_until(self):
        held = {client_id for client_id, _company_id in self._wall_held("emergency")}
        rows = self.env["care.emergency.access"]._open_rows(held.intersection(self.ids))
        until = {client_id: end for client_id, _id, end in rows}
        for client in self:
            client.emergency_until = until.get(client._origin.id, False)

    def _action_open_in_emergency(self):
        """The file's form for reading. Whether it opens is asked when it is read."""
        # sudo: the reference alone, for the title
        return {
            "type": "ir.actions.act_window",
            "name": self.sudo().reference,
            "res_model": "care.client",
            "res_id": self.id,
            "views": [(self.env.ref("social_care.care_client_view_form_emergency").id, "form")],
            "target": "current",
        }

    def action_close_emergency(self):
        """Shut the file before its time, and go back to the first screen."""
        self.ensure_one()
        access = self.env["care.emergency.access"]
        ids = access._open_for(self.ids).values()
        access.browse(ids).action_close()
        if self.env.user.has_group("social_care.group_oncall_staff"):
            action = self.env["care.oncall.shift"].action_first_screen()
        else:
            action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_client_action_mine")
        return action | {"target": "main"}

    def _managers_now(self):
        """Who manages a unit where the client stays, will stay or is at intake: ``{client: users}``.

        Not those who are locked out of the client: they are told nothing.
        """
        found = defaultdict(list)
        if self.ids:
            for client_id, user_id in self.env.execute_query(self._sql_managers_now()):
                found[client_id].append(user_id)
        group = self.env.ref("social_care.group_care_manager")
        # sudo: whom to alert is decided by the system
        users_sudo = self.env["res.users"].sudo().browse({id_ for ids in found.values() for id_ in ids})
        told = users_sudo.filtered(lambda user: group in user.all_group_ids).sudo(False)
        return {client: told.browse(found[client.id]) & told for client in self}

    def _sql_managers_now(self):
        stay = self.env["care.stay"]._fields
        return SQL(
            "WITH manager AS (%s), place AS ("
            " SELECT client_id, unit_id FROM care_stay WHERE closes_at IS NULL OR closes_at > %s"
            " UNION SELECT id, intake_unit_id FROM care_client)"
            " SELECT p.client_id, m.user_id FROM place p JOIN manager m ON m.unit_id = p.unit_id WHERE p.client_id IN %s"
            " EXCEPT SELECT l.client_id, l.user_id FROM care_client_lockout l WHERE %s",
            self.env["care.unit.member"]._sql_at_work("manager"),
            fields.Datetime.now(),
            tuple(self.ids),
            self.env["care.client.lockout"]._sql_now("l"),
            to_flush=[
                self._fields["intake_unit_id"],
                *(stay[name] for name in ("client_id", "unit_id", "closes_at")),
            ],
        )
