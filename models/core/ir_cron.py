import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _care_batches(self, records, do, size=1, progress=None):
        """The work of a job, batch by batch, with a commit after each.

        What fails is done again one by one; what fails then is logged by its id and keeps no other waiting. A
        job begins with what is left to do, so that running it again changes nothing more.

        :param records: a recordset, or a list
        :param do: called with each batch
        :param progress: used as ``_commit_progress``, where nothing may be committed
        :return: whether the time sufficed; else the next run goes on
        """
        progress = progress or self._commit_progress
        left = len(records)
        progress(remaining=left)
        for start in range(0, len(records), size):
            batch = records[start : start + size]
            self._care_try(batch, do)
            left -= len(batch)
            if progress(len(batch), remaining=left) == 0:
                return False
        return True

    @api.model
    def _care_try(self, batch, do):
        try:
            with self.env.cr.savepoint():
                do(batch)
        except Exception:
            if len(batch) == 1:
                _logger.exception("%s failed for %s", getattr(do, "__qualname__", do), batch[0])
                return
            for number in range(len(batch)):
                self._care_try(batch[number : number + 1], do)
