from odoo import api, models
from odoo.fields import Domain


class CareClient(models.Model):
    _inherit = "care.client"

    def _after_joined(self, remaining):
        super()._after_joined(remaining)
        # sudo: the manager may not know of all lockouts
        lockouts_sudo = self.env["care.client.lockout"].sudo()
        lockouts_sudo.search([("client_id", "in", (self | remaining).ids)])._shut_other_files()

    def _other_files(self):
        """The double and the file that remains: each with the rest of them."""
        doubles = self._doubles()
        remaining = doubles.get(self.id, self.id)
        return self.browse([remaining, *(id_ for id_, of in doubles.items() if of == remaining)]) - self


class CareClientLockout(models.Model):
    """Whoever is shut out of a person's file is shut out of its doubles, and of what it is a double of."""

    _inherit = "care.client.lockout"

    @api.model_create_multi
    def create(self, vals_list):
        lockouts = super().create(vals_list)
        # sudo: whoever decides on one file opens neither; the system's own lockouts have their origin
        lockouts.sudo()._shut_other_files()
        return lockouts

    def write(self, vals):
        """Two rows of one decision end together."""
        dates = {name: vals[name] for name in ("date_from", "date_to") if name in vals}
        # sudo: as above
        same_sudo = self.sudo()._of_other_files() if dates else self.browse()
        result = super().write(vals)
        for lockout in same_sudo:
            super(CareClientLockout, lockout).write(dates)
        return result

    def _of_other_files(self):
        """The same decisions in the persons' other files."""
        return (
            self.union(
                *(
                    self.search(
                        Domain("client_id", "in", others.ids)
                        & Domain("user_id", "=", lockout.user_id.id)
                        & Domain("origin", "=", lockout.origin)
                        & Domain("date_from", "=", lockout.date_from)
                    )
                    for lockout in self
                    if (others := lockout.client_id._other_files())
                )
            )
            - self
        )

    def _merge_found(self, others):
        """A file has one lockout of a user that followed from what is stored: each holds as long as the longest.

        :return: the files that have theirs already
        """
        if self.origin == "decided" or not others:
            return others.browse()
        found = self.search(
            Domain("client_id", "in", others.ids)
            & Domain("user_id", "=", self.user_id.id)
            & Domain("origin", "!=", "decided")
        )
        if found:
            both = self | found
            ends = both.mapped("date_to")
            dates = {"date_from": min(both.mapped("date_from")), "date_to": all(ends) and max(ends)}
            both.write(dates)
        return found.client_id

    def _shut_other_files(self):
        if not self.env["care.client"]._doubles():
            return
        for lockout in self:
            others = lockout.client_id._other_files() - lockout._of_other_files().client_id
            others -= lockout._merge_found(others)
            shared = {name: lockout[name] for name in ("reason", "origin", "date_from", "date_to")}
            shared["user_id"] = lockout.user_id.id
            self.create([{"client_id": client.id, **shared} for client in others])
