import re
import unicodedata

# What people write for the same thing: Storg. 5, Storgatan 5; lgh 1203, lägenhet 1203.
ABBREVIATIONS = [
    (re.compile(r"(?<=\w\w)g\.(?=\s*\d)"), "gatan"),
    (re.compile(r"(?<=\w\w)v\.(?=\s*\d)"), "vägen"),
]
SILENT = {"lgh", "lght", "lägenhet", "lägenhetsnummer", "lägenhetsnr", "nr", "nummer"}
WORDS = re.compile(r"\d+|[^\W\d_]+")


def address_key(address):
    """The same key for the same address however it is written, to find earlier cases by.

    Capitals, punctuation, spaces and the word for flat do not matter; every digit and letter does.

    :param str address: street, number and flat: "Björkvägen 1 B, lgh 1203"
    :return: "björkvägen 1 b 1203", or False for an empty one
    """
    text = unicodedata.normalize("NFC", address or "").casefold()
    for pattern, word in ABBREVIATIONS:
        text = pattern.sub(word, text)
    return " ".join(word for word in WORDS.findall(text) if word not in SILENT) or False
