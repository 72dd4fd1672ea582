"""Swedish personal identity numbers (personnummer) and coordination numbers (samordningsnummer).

Source: folkbokföringslagen (1991:481) 18 §; for coordination numbers 18 a-c §§ in its wording
before the act (2022:1697), which kept the form: the day of birth plus 60.
"""

import re
from datetime import date

from stdnum import luhn

_WRITTEN = re.compile(r"^(?P<century>\d{2})?(?P<date>\d{6})(?P<sign>[-+\u2013\u2212]?)(?P<serial>\d{4})$")


class PersonalNumberError(ValueError):
    """Why a text is no personal number; ``reason`` is one of
    ``format``, ``date``, ``checksum``, ``future``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def parse(text, today=None):
    """Read a personal number in any way that people write it.

    :param str text: with or without century, ``-``, ``+`` (the person has turned 100) or spaces
    :param date today: the day that decides the century where none is written
    :return: ``(number, birth_date)``, the number as 12 digits
    :raise PersonalNumberError: when the text is no valid number
    """
    today = today or date.today()
    match = _WRITTEN.match(re.sub(r"\s", "", text or ""))
    if not match:
        raise PersonalNumberError("format")
    digits, century = match["date"] + match["serial"], match["century"]
    if not century:
        century = _century(digits, today, over_hundred=match["sign"] == "+")
    birth_date = _birth_date(century + digits)
    if birth_date > today:
        raise PersonalNumberError("future")
    if not luhn.is_valid(digits):
        raise PersonalNumberError("checksum")
    return century + digits, birth_date


def _century(digits, today, over_hundred):
    """The latest century in which the person can have been born; a plus moves it a hundred years back."""
    century = today.year // 100
    day = int(digits[4:6])
    born = (int(digits[:2]), int(digits[2:4]), day - 60 if day > 60 else day)
    if born > (today.year % 100, today.month, today.day):
        century -= 1
    return str(century - 1 if over_hundred else century)


def _birth_date(number):
    day = int(number[6:8])
    try:
        return date(int(number[:4]), int(number[4:6]), day - 60 if day > 60 else day)
    except ValueError as error:
        raise PersonalNumberError("date") from error


def normalise(text):
    """The 12 digits behind a text, or None where it is no personal number."""
    try:
        return parse(text)[0]
    except PersonalNumberError:
        return None


def written(number):
    """``191212121212`` as a Swede writes it: ``19121212-1212``."""
    return f"{number[:8]}-{number[8:]}" if number else ""
