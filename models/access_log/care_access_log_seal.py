from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import keyed_hash

START = "0" * 64
# A line is written seconds after it was seen; the longest request is long over after an hour.
OPEN_HOURS = 1
VERIFIED_AT_ONCE = 500

# All of a line, in a form that no setting of the session changes.
LINE = (
    "concat_ws('|', id, extract(epoch FROM date), user_id, COALESCE(client_id, 0), COALESCE(company_id, 0), model,"
    " COALESCE(res_id, 0), operation, channel, refused, COALESCE(emergency_id, 0), COALESCE(reason, ''))"
)


class CareAccessLogSeal(models.Model):
    """One batch of the access log, sealed: what was written in a period, as one keyed digest in a chain.

    A line that is changed, removed or added afterwards breaks its batch, and a batch that is removed or
    changed breaks the chain. When retention drops a month its seals stay and the chain still verifies.
    Writers never wait for it: only what lies an hour back is sealed.
    """

    _name = "care.access.log.seal"
    _description = "Seal of the Access Log"
    _inherit = ["care.guarded"]
    _order = "number desc"
    _rec_name = "number"
    _frozen_from = "id"
    _retained_with = None

    number = fields.Integer(required=True, readonly=True, aggregator=None, frozen=True)
    date_from = fields.Datetime("From", required=True, readonly=True, frozen=True)
    date_to = fields.Datetime("To", required=True, readonly=True, frozen=True)
    line_count = fields.Integer("Lines", readonly=True, frozen=True)
    lines_hash = fields.Char(required=True, readonly=True, frozen=True)
    digest = fields.Char(required=True, readonly=True, frozen=True)
    dropped_at = fields.Datetime(
        "Dropped", readonly=True, help="When retention dropped the lines.", frozen="dropped_at"
    )
    verified_at = fields.Datetime("Verified", readonly=True, frozen=False)
    fault = fields.Char("What Does Not Verify", readonly=True, frozen=False)

    _number_uniq = models.UniqueIndex("(number)", "The chain has one seal for each number.")
    _verified_idx = models.Index("(verified_at NULLS FIRST, number)")
    _frozen = models.Constraint("CHECK (TRUE)", "A seal is not changed.")

    def init(self):
        keyed_hash.install(self.env.cr)
        super().init()

    # ------------------------------------------------------------------
    # Sealing
    # ------------------------------------------------------------------

    @api.model
    def _cron_seal(self, after_batch=None):
        """Seal all that is closed, a day at most to a seal, and never across a month's end."""
        until = (fields.Datetime.now() - timedelta(hours=OPEN_HOURS)).replace(minute=0, second=0)
        last = self.search([], limit=1)
        start = last.date_to or self._first_hour()
        while start and start < until:
            tomorrow = start.replace(hour=0) + timedelta(days=1)
            last = last._seal(start, min(tomorrow, until))
            start = last.date_to
            (after_batch or self.env["ir.cron"]._commit_progress)(1)

    @api.model
    def _first_hour(self):
        self.env.cr.execute("SELECT min(date) FROM care_access_log")
        first = self.env.cr.fetchone()[0]
        return first and first.replace(minute=0, second=0, microsecond=0)

    def _seal(self, start, end):
        """Add one seal after ``self``, which is the last one or none."""
        count, lines_hash = self._hash_lines(start, end)
        vals = {
            "number": (self.number or 0) + 1,
            "date_from": start,
            "date_to": end,
            "line_count": count,
            "lines_hash": lines_hash,
        }
        return self.create({**vals, "digest": self._digest(self.digest, vals)})

    @api.model
    def _hash_lines(self, start, end):
        """How many lines lie in the period, and a keyed hash over all of them."""
        self.env.cr.execute(
            SQL(
                "SELECT count(*), encode(sha256(convert_to(COALESCE(string_agg(%s, E'\\n' ORDER BY id), ''),"
                " 'UTF8')), 'hex') FROM care_access_log WHERE date >= %s AND date < %s",
                SQL(LINE),  # pylint: disable=sql-injection  # a constant
                start,
                end,
            )
        )
        count, plain = self.env.cr.fetchone()
        return count, keyed_hash.digest(keyed_hash.key(self.env.cr), "care.access.log", plain)

    @api.model
    def _digest(self, previous, vals):
        texts = [fields.Datetime.to_string(vals[name]) for name in ("date_from", "date_to")]
        return keyed_hash.digest(
            keyed_hash.key(self.env.cr),
            previous or START,
            vals["number"],
            *texts,
            vals["line_count"],
            vals["lines_hash"],
        )

    # ------------------------------------------------------------------
    # Verifying
    # ------------------------------------------------------------------

    def action_verify(self):
        """Verify the chosen seals, and say which broke."""
        self.check_access("read")
        # sudo: a privacy officer reads seals and writes none; only the result of verifying is written
        seals_sudo = self.sudo()
        broken = seals_sudo._verify()
        message = (
            self.env._(
                "%(count)s seals do not verify: %(numbers)s. Tell whoever is responsible for the database.",
                count=len(broken),
                numbers=", ".join(str(number) for number in broken[:20]),
            )
            if broken
            else self.env._("%(count)s seals verify.", count=len(seals_sudo))
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "danger" if broken else "success",
                "sticky": bool(broken),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_verify_all(self):
        return self.search([("number", ">", 0)]).action_verify()

    @api.model
    def _cron_verify(self, after_batch=None):
        """Each night those that were verified longest ago; the whole chain comes round."""
        seals = self.search([], order="verified_at NULLS FIRST, number", limit=VERIFIED_AT_ONCE)
        seals._verify()
        (after_batch or self.env["ir.cron"]._commit_progress)(len(seals))

    def _verify(self):
        """The numbers of the seals that do not verify."""
        broken = []
        numbers = self.mapped("number")
        by_number = {seal.number: seal for seal in self.search([("number", "in", [n - 1 for n in numbers])])}
        for seal in self.sorted("number"):
            fault = seal._fault(by_number.get(seal.number - 1))
            seal.write({"verified_at": fields.Datetime.now(), "fault": fault})
            if fault:
                broken.append(seal.number)
        return broken

    def _fault(self, previous):
        """What is wrong with this seal, in words without ids, or False."""
        if self.number > 1 and (not previous or previous.date_to != self.date_from):
            return self.env._("The seal before this one is missing.")
        if self.digest != self._digest(previous and previous.digest, self):
            return self.env._("The seal itself was changed.")
        if self.dropped_at:
            return False
        count, lines_hash = self._hash_lines(self.date_from, self.date_to)
        if count != self.line_count:
            return self.env._(
                "%(found)s lines where %(sealed)s were sealed.", found=count, sealed=self.line_count
            )
        return lines_hash != self.lines_hash and self.env._("A line was changed.")
