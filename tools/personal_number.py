"""Swedish personal identity numbers (personnummer) and coordination numbers (samordningsnummer).

Source: folkbokföringslagen (1991:481) 18 §; for coordination numbers 18 a-c §§ in its wording
before the act (2022:1697), which kept the form: the day of birth plus 60. Where the birth is not known
to the day, Skatteverket's own numbers have day 60 or month 00.
"""

import re
import unicodedata
from datetime import date

from stdnum import luhn

_WRITTEN = re.compile(r"^(?P<century>\d{2})?(?P<date>\d{6})(?P<sign>[-+]?)(?P<serial>\d{4})$", re.ASCII)


class PersonalNumberError(ValueError):
    """Why a text is no personal number; ``reason`` is one of
    ``format``, ``date``, ``checksum``, ``future``, ``serial``, ``born`` (another birth date was given)."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def parse(text, today=None, born=None):
    """Read a personal number in any way that people write it.

    :param str text: with or without century, ``-``, ``+`` (the person has turned 100) or spaces
    :param date today: the day that decides the century where neither the text nor ``born`` does
    :param date born: the birth date, where it is known otherwise; another one than the number's is an error
    :return: ``(number, birth_date)``, the number as 12 digits; ``birth_date`` is None for a coordination
        number of somebody whose month or day of birth is unknown
    :raise PersonalNumberError: when the text is no valid number
    """
    today = today or date.today()
    match = _WRITTEN.match(_plain(text or ""))
    if not match:
        raise PersonalNumberError("format")
    digits, century = match["date"] + match["serial"], match["century"]
    if not century:
        over_hundred = match["sign"] == "+"
        century = (
            f"{born.year // 100:02}" if born and not over_hundred else _century(digits, today, over_hundred)
        )
    year, month, day = int(century + digits[:2]), int(digits[2:4]), _day(digits)
    told = _birth_date(year, month, day, is_coordination=int(digits[4:6]) > 59)
    if (told or date(year, month or 1, day or 1)) > today:
        raise PersonalNumberError("future")
    if digits[6:9] == "000":
        raise PersonalNumberError("serial")
    if not luhn.is_valid(digits):
        raise PersonalNumberError("checksum")
    if born and not agrees(century + digits, born):
        raise PersonalNumberError("born")
    return century + digits, told


def agrees(number, born):
    """Whether the person behind the 12 digits can be born on that day."""
    known = (int(number[:4]), int(number[4:6]), _day(number[2:]))
    return all(part in (0, real) for part, real in zip(known, (born.year, born.month, born.day), strict=True))


def certainty(number):
    """How surely the 12 digits name somebody: a coordination number (day of birth plus 60) is given until the personal
    number is, and none is less than either."""
    return (1 if int(number[6:8]) > 59 else 2) if number else 0


def birth_date(number):
    """The birth date of whom the 12 digits name, or None where they do not tell it."""
    try:
        return number and parse(number)[1]
    except PersonalNumberError:
        return None


def _plain(text):
    """Without spaces and what cannot be seen, and with one kind of hyphen: as pasted from web pages and PDFs."""
    kinds = ((character, unicodedata.category(character)) for character in text)
    return "".join(
        "-" if kind == "Pd" or character == "\N{MINUS SIGN}" else character
        for character, kind in kinds
        if kind not in ("Cf", "Zs", "Cc")
    )


def _day(digits):
    day = int(digits[4:6])
    return day - 60 if day > 59 else day


def _century(digits, today, over_hundred):
    """The latest century in which the person can have been born; a plus moves it a hundred years back."""
    century = today.year // 100
    if (int(digits[:2]), int(digits[2:4]), _day(digits)) > (today.year % 100, today.month, today.day):
        century -= 1
    return str(century - 1 if over_hundred else century)


def _birth_date(year, month, day, is_coordination):
    """None where a coordination number leaves the month or the day out; what is there must be possible."""
    try:
        known = date(year, month or 1, day or 1)
    except ValueError as error:
        raise PersonalNumberError("date") from error
    if month and day:
        return known
    if not is_coordination:
        raise PersonalNumberError("date")
    return None


def normalise(text):
    """The 12 digits behind a text, or None where it is no personal number."""
    try:
        return parse(text)[0]
    except PersonalNumberError:
        return None


def stored(text):
    """How an identifier of any kind is stored: a personal number as 12 digits, another without signs between.

    ``000101-T220`` is an interim number; the regions' reserve numbers look alike. Empty where nothing is left.
    """
    return normalise(text) or "".join(filter(str.isalnum, _plain(text or ""))).upper()


def dates(text):
    """The birth dates that a text can mean: ``1958-04-12``, ``19580412``, or ``580412`` of either century."""
    match = re.fullmatch(r"(\d{4}|\d{2})-?(\d{2})-?(\d{2})", _plain(text or ""), re.ASCII)
    if not match:
        return []
    found = []
    for year in (match[1],) if len(match[1]) == 4 else ("19" + match[1], "20" + match[1]):
        try:
            found.append(date(int(year), int(match[2]), int(match[3])))
        except ValueError:
            continue
    return found


def written(number):
    """``191212121212`` as a Swede writes it: ``19121212-1212``."""
    return f"{number[:8]}-{number[8:]}" if number else ""


def written_other(number):
    """As ``written``, for identifiers of other kinds too: ``000101T220`` as ``000101-T220``."""
    if not number or not re.match(r"(\d{6}|\d{8})\w{4}$", number):
        return number or ""
    return f"{number[:-4]}-{number[-4:]}"
