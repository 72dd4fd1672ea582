"""A telephone number as digits alone, so that it is found however it was written."""

import re

import phonenumbers

COUNTRY = "SE"


def digits(text, country=COUNTRY):
    """The international number's digits, or those that there are when it is no number.

    ``070-174 06 05``, ``+46 (0)70 174 06 05``, ``0046701740605`` and ``tel:+46701740605`` all give
    ``46701740605``. ``False`` when there is no digit.
    """
    written = re.sub(r"[^\d+]", "", (text or "").replace("(0)", ""))
    if not re.search(r"\d", written):
        return False
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", written)
    if not written.startswith(("+", "0")) and not phonenumbers.is_valid_number(number):
        number = _without_plus(written) or number
    return f"{number.country_code}{number.national_number}"


def _without_plus(written):
    """``46701740605`` is how some telephones show +46701740605."""
    try:
        number = phonenumbers.parse(f"+{written}", None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
