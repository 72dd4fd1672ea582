from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

EARLIEST = "1900-01-01"
YEARS_AHEAD = 30
FAST = timedelta(minutes=5)  # no rule: a telephone's clock is fast


class Base(models.AbstractModel):
    """Every day and time that is written into a field of ours is one that can be meant: year 0206 and 2206 cannot.

    It lies between 1900 and thirty years from now. ``earliest="..."`` begins elsewhere; ``happened=True`` is what has
    happened, and never lies ahead. What is written is looked at, by whatever way it comes, and nothing else of the
    record: an old row keeps nobody from another change. So there is no CHECK, which would.
    """

    _inherit = "base"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name in ("earliest", "happened") or super()._valid_field_parameter(field, name)

    def write(self, vals):
        self._check_days(vals)
        return super().write(vals)

    @api.model
    def _add_missing_default_values(self, values):
        """Whatever is created passes here, with the defaults of the context."""
        values = super()._add_missing_default_values(values)
        self._check_days(values)
        return values

    @api.model
    @ormcache("self._name")
    def _care_days(self):
        """The fields that are checked: what follows from other fields is as right as those."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.type in ("date", "datetime")
            and field.store
            and "social_care" in field._modules
            and not (field.compute and field.readonly)
        )

    @api.model
    def _check_days(self, values):
        for _name, reason in self._wrong_days(values):
            raise ValidationError(reason)

    @api.model
    def _wrong_days(self, values):
        """Pairs of a field and what is wrong with its value, in words."""
        for name in self._care_days() & values.keys():
            moment = self._fields[name].convert_to_cache(values[name], self)
            if reason := moment and self._wrong_day(self._fields[name], moment):
                yield name, reason

    @api.model
    def _wrong_day(self, field, moment):
        now = fields.Datetime.now()
        # where care is given, or where the writer is: there it may be the next day already
        today = max(self.env["care.period"]._today(), fields.Date.context_today(self))
        first = fields.Date.to_date(getattr(field, "earliest", EARLIEST))
        last = today + relativedelta(years=YEARS_AHEAD)
        label = field._description_string(self.env) or field.name
        words = {"field": label, "day": self._day_in_words(moment)}
        if not first <= fields.Date.to_date(moment) <= last:
            return self.env._(
                "%(field)s: %(day)s cannot be right. Write a day between %(first)s and %(last)s.",
                **words,
                first=first,
                last=last,
            )
        if getattr(field, "happened", False) and (
            moment > today if field.type == "date" else moment > now + FAST
        ):
            return self.env._(
                "%(field)s: %(day)s lies in the future. Write when it happened, once it has.", **words
            )
        return None

    @api.model
    def _day_in_words(self, moment):
        """As the clock stands where care is given; before 1900 and at the end of time it shows nothing."""
        if not isinstance(moment, datetime) or not 1900 <= moment.year < datetime.max.year:
            return str(moment)
        there = self.with_context(tz=self.env.company.care_tz)
        return f"{fields.Datetime.context_timestamp(there, moment):%Y-%m-%d %H:%M}"
