"""What no linter at hand looks for; each check takes a path and its text, and yields (line, what is wrong)."""

import ast
import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"build", "node_modules", "__pycache__"}
NOT_SERVED = ("tests", "scripts", "benchmarks", "migrations")
# Methods that read rows, and at which place they take the names of the fields; without them they read all.
READS = {"read": 0, "fetch": 0, "web_read": 0, "search_read": 1, "search_fetch": 1, "web_search_read": 1}
NAMES = {"fields", "field_names", "specification"}


def no_conflict_markers(_path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield number, "a conflict marker"


def is_served(path):
    return path.suffix == ".py" and path.parts[0] not in NOT_SERVED


def no_whole_rows_as_superuser(path, text):
    """A superuser reads the columns it needs; what reads whole rows says why in a comment above the line."""
    lines = ["", *text.splitlines()]
    for node in ast.walk(ast.parse(text)) if is_served(path) else ():
        told = lines[getattr(node, "lineno", 1) - 1].strip().startswith("#")
        if isinstance(node, ast.Call) and reads_whole_rows(node) and not told:
            yield node.lineno, f"{node.func.attr}() as superuser names no fields, and no reason above it"


def reads_whole_rows(call):
    name = getattr(call.func, "attr", None)
    if name not in READS or not is_superuser(call.func.value):
        return False
    given = call.args[READS[name] : READS[name] + 1] + [
        word.value for word in call.keywords if word.arg in NAMES
    ]
    if not given:
        return not any(word.arg is None for word in call.keywords)
    return ast.unparse(given[0]) in ("None", "[]", "()", "{}")


def is_superuser(node):
    """`records.sudo()`, whatever is asked of it, and `records_sudo`."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute) and (node.attr == "sudo" or node.attr.endswith("_sudo")):
            return True
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if node is None:
            return False
    return node.id.endswith("_sudo")


def reasons_for_superuser(path, text):
    """A statement that becomes superuser says why, in a comment above it: `# sudo: ...`."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)) if is_served(path) else ():
        if not isinstance(node, ast.stmt) or not any(map(becomes_superuser, expressions(node))):
            continue
        above = node.lineno - 2
        while above >= 0 and lines[above].strip().startswith("#") and "# sudo: " not in lines[above]:
            above -= 1
        if above < 0 or "# sudo: " not in lines[above]:
            yield node.lineno, "no `# sudo: ...` above it says why"


def expressions(statement):
    """Those of the statement itself, not of the statements inside it."""
    todo = [statement]
    while todo:
        node = todo.pop()
        yield node
        todo += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def becomes_superuser(node):
    if not isinstance(node, ast.Call):
        return False
    if getattr(node.func, "attr", None) == "sudo":
        return not (node.args and ast.unparse(node.args[0]) == "False")
    return any(word.arg == "su" and ast.unparse(word.value) == "True" for word in node.keywords)


CHECKS = (no_conflict_markers, no_whole_rows_as_superuser, reasons_for_superuser)
ENDINGS = (".py", ".xml", ".js", ".csv", ".po", ".md", ".scss")


def faults():
    for place, folders, names in os.walk(CHECKOUT):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT and not name.startswith("."))
        for path in (Path(place, name) for name in sorted(names) if name.endswith(ENDINGS)):
            for check in CHECKS:
                shown = path.relative_to(CHECKOUT)
                yield from (f"{shown}:{line}: {what}" for line, what in check(shown, path.read_text()))


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(1 if found else 0)
