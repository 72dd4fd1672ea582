"""Telephone numbers: as digits alone, so that one is found however it was written, and as Swedes write them."""

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


def written(model, number):
    """The number as Swedes write it, ``070-174 06 05``; a foreign one with its country code.

    :param model: any record set that Odoo can format a telephone number with
    """
    # not env.ref, which asks the database each time: files come with thousands of numbers
    sweden = model.env["res.country"].browse(model.env["ir.model.data"]._xmlid_to_res_id("base.se"))
    text = number and model._phone_format(number=number, country=sweden, force_format="INTERNATIONAL")
    if text and text.startswith("+46"):
        return model._phone_format(number=number, country=sweden, force_format="NATIONAL")
    return text or number
