"""Counts that leave their unit: those under five are hidden, and so are others that would give them away."""

SMALL_CELL = 5


def hidden_cells(cells):
    """The keys of cells of one to four, and of so many others that no sum gives those away.

    Along each row and column of a table of any dimension at least two cells are hidden, or none, and
    the hidden ones make five together; where there are no others to hide, the sum is hidden itself.

    :param dict cells: count per tuple of keys
    """
    hidden = {key for key, count in cells.items() if 0 < count < SMALL_CELL}
    lines = {}
    for key in cells:
        for position in range(len(key)):
            lines.setdefault((position, key[:position], key[position + 1 :]), []).append(key)
    todo = list(lines.values()) if hidden else []
    while todo:
        line = todo.pop()
        own = [key for key in line if key in hidden]
        others = sorted((key for key in line if key not in hidden and cells[key]), key=lambda key: cells[key])
        if own and others and (len(own) < 2 or sum(cells[key] for key in own) < SMALL_CELL):
            hidden.add(others[0])
            todo += [
                line,
                *(line_ for line_ in lines.values() if others[0] in line_ and line_ is not line),
            ]
    return hidden


def publishable(cells):
    """A list of the board's report: its cells and their total.

    :param dict cells: count per key
    :return: ``(cells, total)`` with None for what is hidden
    """
    hidden = hidden_cells({(key,): count for key, count in cells.items()})
    total = sum(cells.values())
    told = {key: None if (key,) in hidden else count for key, count in cells.items()}
    return told, None if 0 < total < SMALL_CELL else total


def if_enough(count, value):
    if not count:
        return 0
    return value if count >= SMALL_CELL else None
