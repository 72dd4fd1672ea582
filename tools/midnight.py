from datetime import datetime, time, timedelta

import pytz


def midnight(day, timezone):
    """Local midnight of ``day`` as naive UTC, right on the days when clocks change too."""
    local = pytz.timezone(timezone or "Europe/Stockholm").localize(datetime.combine(day, time.min))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def limits(first, last, timezone):
    """When a period of whole days begins and ends, as naive UTC; the last day is included."""
    return midnight(first, timezone), midnight(last + timedelta(days=1), timezone)
