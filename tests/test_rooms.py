"""The rooms of the module, and which of them may name which."""

import ast
from pathlib import Path

from odoo.addons import social_care
from odoo.tests import TransactionCase, tagged

MODELS = Path(social_care.__file__).parent / "models"
RELATIONS = {"Many2one", "One2many", "Many2many"}
# (room, file, what it names) that point to a room below, each with a word why. The list only shrinks.
UPWARD = {
    ("clients", "care_client", "care.client.lockout"): "a client's form says who is shut out of the file",
    (
        "clients",
        "care_client_deputy",
        "care.staff.choice",
    ): "whoever stands in looks at whom the client has chosen",
}


def rooms():
    """In the order in which they are loaded."""
    tree = ast.parse((MODELS / "__init__.py").read_text())
    return [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def names_in(tree):
    """What a file inherits, points at with a relation, and calls ``_name``."""
    inherited, related, own = set(), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values = node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else [node.value]
            texts = {text for value in values if (text := text_of(value))}
            if node.targets[0].id == "_inherit":
                inherited |= texts
            if node.targets[0].id == "_name":
                own |= texts
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in RELATIONS
        ):
            comodel = [
                keyword.value for keyword in node.keywords if keyword.arg == "comodel_name"
            ] or node.args
            if comodel and (text := text_of(comodel[0])):
                related.add(text)
    return inherited, related, own


@tagged("post_install", "-at_install")
class TestRooms(TransactionCase):
    """A room imports, inherits and points at what stands in itself and in the rooms above it."""

    def setUp(self):
        super().setUp()
        self.rank = {room: rank for rank, room in enumerate(rooms())}
        self.trees = {
            (room, path.stem): ast.parse(path.read_text())
            for room in self.rank
            for path in sorted((MODELS / room).glob("*.py"))
            if path.stem != "__init__"
        }
        self.home = {}
        for (room, _stem), tree in self.trees.items():
            inherited, _related, own = names_in(tree)
            for name in own - inherited:
                self.home[name] = room

    def test_every_file_stands_in_a_room(self):
        self.assertEqual([path.name for path in MODELS.glob("*.py")], ["__init__.py"])
        self.assertEqual(
            {path.name for path in MODELS.iterdir() if path.is_dir()} - {"__pycache__"}, set(self.rank)
        )

    def test_a_room_names_only_itself_and_those_above(self):
        upward = set()
        for (room, stem), tree in self.trees.items():
            inherited, related, _own = names_in(tree)
            named = {(name, self.home[name]) for name in inherited | related if name in self.home}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
                    named.add((node.module, node.module.partition(".")[0]))
            upward |= {(room, stem, name) for name, other in named if self.rank[other] > self.rank[room]}
        self.assertEqual(upward, set(UPWARD), "name what stands above, or move the file to a room below")
