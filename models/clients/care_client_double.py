from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ...tools import personal_number as pnr

# What of a double fills what is empty in the file that remains: together, as one address.
FILLED = (
    ("phone",),
    ("email",),
    ("street", "street2", "zip", "city"),
    ("interpreter_needed", "interpreter_language"),
    ("communication",),
)


class CareClient(models.Model):
    """Two files of one person: one remains, and the other is kept as it is, as the double of it.

    Nothing is moved or rewritten: notes, plans, signatures and the log of who saw them stay in the double, behind the
    wall where they were. Nobody opens by it what was closed before. Its numbers find the file that remains, and
    nothing new is written in it (``care_walled.py``).
    """

    _inherit = "care.client"

    double_of_id = fields.Many2one(
        "care.client",
        readonly=True,
        copy=False,
        by_verb=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The file of the same person that remains. New records are written there.",
    )
    double_ids = fields.One2many("care.client", "double_of_id", "Earlier Files", readonly=True)
    double_count = fields.Integer("Earlier Files Found", compute="_compute_counts")

    _double_of_another = models.Constraint(
        "CHECK (double_of_id <> id)", "A file is the double of another one."
    )

    @api.model
    @ormcache()
    def _doubles(self):
        """``{id of a double: id of the file that remains}``. They are few, and asked for at each new record."""
        self.flush_model(["double_of_id"])
        self.env.cr.execute("SELECT id, double_of_id FROM care_client WHERE double_of_id IS NOT NULL")
        return dict(self.env.cr.fetchall())

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Nothing new is written in a double, so it is not offered."""
        domain = Domain(domain or ()) & Domain("double_of_id", "=", False)
        return super().name_search(name, domain, operator, limit)

    @api.model
    def _counted_paths(self):
        yield from super()._counted_paths()
        yield "double_ids"

    def _sql_counts(self):
        here = Domain("double_of_id", "in", self.ids)
        return super()._sql_counts() | {"double_count": self._sql_count(here, "double_of_id")}

    def write(self, vals):
        """What protects the person protects the double; else it stays as it is."""
        doubles = self._doubles()
        if doubles and self._not_decided(vals) and any(id_ in doubles for id_ in self._ids):
            self.check_access("write")
            self._refuse_double()
        result = super().write(vals)
        if "protection_level" in vals and (ids := self._ids_of_doubles()):
            # sudo: whoever protects the person may not open the double
            self.browse(ids).sudo()._write_decided({"protection_level": vals["protection_level"]})
        return result

    def _ids_of_doubles(self):
        return [double_id for double_id, id_ in self._doubles().items() if id_ in self._ids]

    def _remaining(self):
        """The files in which new things are written: of a double the one that remains."""
        doubles = self._doubles()
        return self.browse(doubles.get(id_, id_) for id_ in self._ids)

    def _refuse_double(self):
        """Say where one writes instead: the reference, as wherever Odoo shows the relation."""
        doubles = self._doubles()
        remaining = self.filtered(lambda client: client.id in doubles)._remaining()
        # sudo: the reference alone, which names nobody
        references = ", ".join(remaining.sudo().mapped("reference"))
        raise UserError(
            self.env._("This file is a double and stays as it is. Write in %s instead.", references)
        )

    # ------------------------------------------------------------------
    # Marked, and taken back
    # ------------------------------------------------------------------

    def action_join(self, remaining_id):
        """Mark this file as the double of another of the same person, which remains.

        :param int remaining_id: the client whose file remains
        :raise AccessError: unless the user manages both clients
        :raise UserError: where somebody would lose the client, or the wrong file would remain
        """
        self.ensure_one()
        self._check_both_managed()
        remaining = self.browse(remaining_id if isinstance(remaining_id, int) else ())
        self._check_both_managed(remaining)
        (self | remaining).lock_for_update(allow_referencing=True)  # or each becomes the other's double
        self._check_joinable(remaining)
        # sudo: the stays of units that the user manages, which has been asked
        self.sudo()._stays_now().action_end(end_reason="double")
        remaining._fill_from(self)
        self._write_decided({"double_of_id": remaining.id})
        self._doubles_changed()
        remaining._share_death(self)
        self._after_joined(remaining)

    def _check_both_managed(self, remaining=()):
        both = self.union(*remaining)
        both.check_access("write")
        both._check_managed()

    def _check_joinable(self, remaining):
        names = {"double": self.reference, "remaining": remaining.reference}
        if len(self | remaining) < 2 or self.company_id != remaining.company_id:
            raise UserError(self.env._("Choose another file of the same company."))
        if (self | remaining).double_of_id or self._ids_of_doubles():
            raise UserError(
                self.env._(
                    "One of the two is a double, or has one. Take that back first, or choose the other way."
                )
            )
        if pnr.certainty(self.personal_number) > pnr.certainty(remaining.personal_number):
            raise UserError(
                self.env._(
                    "Let the file with the personal number remain: open %(remaining)s and mark that one.",
                    **names,
                )
            )
        if not self._is_replaced_by(remaining):
            raise UserError(
                self.env._(
                    "Somebody still works in %(double)s. Wherever it has a stay or an intake, %(remaining)s must have"
                    " one too, in units that you manage. Remove planned stays first.",
                    **names,
                )
            )

    def _is_replaced_by(self, remaining):
        """Whether each unit with the double open has the other open too. The user learns no more than yes or no."""
        # sudo: also of units that the user does not see
        double_sudo, remaining_sudo = self.sudo(), remaining.sudo()
        places = double_sudo._stays_now().unit_id | double_sudo.intake_unit_id
        managed = places.ids if self.env.su else self._wall_held("managed")
        planned = "planned" in double_sudo._stays_now().mapped("state")
        others = remaining_sudo._stays_now().unit_id | remaining_sudo.intake_unit_id
        return not planned and places <= others and set(places.ids) <= set(managed)

    def _stays_now(self):
        return self.env["care.stay"].search(
            [("client_id", "in", self.ids), ("state", "in", ("planned", "active"))]
        )

    def _fill_from(self, double):
        """What is empty is filled, and the higher protection holds for both."""
        levels = self._fields["protection_level"].get_values(self.env)
        level = max(self.protection_level, double.protection_level, key=levels.index)
        vals = {
            name: double[name]
            for names in FILLED
            if not any(self[name] for name in names)
            for name in names
            if double[name]
        }
        if level != self.protection_level:
            vals["protection_level"] = level
        if vals:
            self.write(vals)
        if level != double.protection_level:
            double.write({"protection_level": level})

    def _share_death(self, double):
        """What was noted in the one file is the person's."""
        if double.deceased_on and not self.deceased_on:
            self._set_deceased(double.deceased_on)
        elif self.deceased_on:
            double._write_decided({"deceased_on": self.deceased_on})

    def _after_joined(self, remaining):
        """For what must hold for both files from now on."""

    def action_separate(self):
        """Take it back: the two were not the same person. What was filled in stays, as do the ends of the stays."""
        self.ensure_one()
        self._check_both_managed(self.double_of_id)
        if not self.double_of_id:
            raise UserError(self.env._("This file is no double."))
        self._write_decided({"double_of_id": False})
        self._doubles_changed()

    def _doubles_changed(self):
        self.flush_recordset(["double_of_id"])
        self.env.registry.clear_cache()
        # sudo: until when the double is open follows, in all units
        self.sudo().stay_ids._close_anew()

    def _close_doubles_anew(self):
        if ids := self._ids_of_doubles():
            # sudo: whoever changes a stay of the one file may not open the other
            self.browse(ids).sudo().stay_ids._close_anew()

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    def action_open_doubles(self):
        self.ensure_one()
        doubles = self.search([("double_of_id", "=", self.id)])
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier Files"),
            "res_model": "care.client",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", doubles.ids)],
        }
        return action if len(doubles) != 1 else action | {"res_id": doubles.id, "views": [(False, "form")]}

    def action_open_remaining(self):
        self.ensure_one()
        self.double_of_id.check_access("read")
        return self.double_of_id.get_formview_action()


class CareStay(models.Model):
    """A double's stay closes with the stay of the file that remains: its unit's staff read on what they wrote."""

    _inherit = "care.stay"

    end_reason = fields.Selection(selection_add=[("double", "The person had another file here")])

    def _compute_period(self):
        super()._compute_period()
        doubles = self.env["care.client"]._doubles()
        for stay in self if doubles else ():
            if stay.client_id.id not in doubles or stay.end_reason != "double" or not stay.closes_at:
                continue  # what had closed before stays closed
            # sudo: who ends a stay may not open the other file; a time alone is taken over
            others = self.sudo().search(
                [("client_id", "=", doubles[stay.client_id.id]), ("unit_id", "=", stay.unit_id.id)]
            )
            ends = [other.closes_at for other in others]
            stay.closes_at = all(ends) and max([stay.closes_at, *ends])

    def action_end(self, date_to=None, end_reason=None):
        self._check_ended_by_joining(end_reason)
        return super().action_end(date_to, end_reason)

    @api.model
    def _check_ended_by_joining(self, end_reason):
        """With this reason a stay opens as long as the other file's: it follows from joining the two alone."""
        if end_reason == "double" and not self.env.su:
            raise UserError(
                self.env._("Mark the file itself as a double, on the client's page: its stays end by that.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create(vals_list)
        for stay in stays:
            self._check_ended_by_joining(stay.end_reason)
        stays.client_id._close_doubles_anew()
        return stays

    def write(self, vals):
        self._check_ended_by_joining(vals.get("end_reason"))
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self.client_id._close_doubles_anew()
        self._check_no_double_returns()
        return result

    def _check_no_double_returns(self):
        """An end that is taken back, a last day that is moved or emptied, would have the person stay here twice."""
        doubles = self.env["care.client"]._doubles()
        if back := self.filtered(lambda stay: stay.client_id.id in doubles and stay.state != "ended"):
            back.client_id._refuse_double()

    def unlink(self):
        clients = self.client_id
        result = super().unlink()
        clients._close_doubles_anew()
        return result

    def _compute_reopen_until(self):
        super()._compute_reopen_until()
        doubles = self.env["care.client"]._doubles()
        for stay in self if doubles else ():
            if stay.client_id.id in doubles:
                stay.reopen_until = False

    def _after_reopened(self, reasons):
        """The person stays by the file that remains."""
        super()._after_reopened(reasons)
        doubles = self.env["care.client"]._doubles()
        if any(id_ in doubles for id_ in self.client_id._ids):
            self.client_id._refuse_double()

    def _close_anew(self):
        self._forget_opened()
        self.env.add_to_compute(self._fields["closes_at"], self)
