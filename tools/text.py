def short(text, length=60):
    """The text on one line, cut where it is too long for a heading."""
    text = " ".join((text or "").split())
    return text if len(text) <= length else text[: length - 1] + "…"
