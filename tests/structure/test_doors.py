"""Doors between rooms, keys that leave a room, and imports by name (ARCHITECTURE 4): what a linter cannot see."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.structure.source import HOME, PACKAGE, Module, imported, product, read

LEVELS = (
    {"rows"},
    {"directory"},
    {"accounts", "ledger"},
    {"journal", "notices", "files", "drafts", "errands"},
    {"intake", "credentials"},
    {"registers", "cases"},
    {"certificates"},
    {"laboratory", "partners", "comparisons", "telemetry", "supervision", "marketplace"},
    {"procedures"},
    {"indicators"},
)
DOORS = {"actions", "queries", "types", "errors", "jobs"}
RULEBOOK_PROCEDURES = {path.stem for path in (PACKAGE / "rulebook" / "procedures").glob("*.toml")}
FURTHER_DOORS = {"procedures": RULEBOOK_PROCEDURES}
"""The room `procedures` is one file a procedure of the rulebook: that file is its door (ARCHITECTURE 4 and 5)."""
OPEN_ROOMS = {"rows": "the room all share: its base classes, keys and request scope are what the others are made of"}
WIRING = {
    "config": "puts the parts together: middleware and app configurations are named here",
}
IMPORTS_BY_NAME = {
    "src/plumbline/science/metrology/methods/__init__.py": "a method is one file: the package lists what lies in it",
}
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def level(room: str) -> int:
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def through_a_wall() -> Iterator[str]:
    """Yield each import that enters a room by something other than its door."""
    for module in product():
        if module.drawer == "migrations" or module.parts[0] in WIRING:
            continue
        for name, line in imported(module):
            parts = name.split(".")
            if parts[:2] != ["plumbline", "domain"] or len(parts) < 4:
                continue
            room, drawer = parts[2], parts[3]
            if room not in {module.room, *OPEN_ROOMS} and drawer not in DOORS | FURTHER_DOORS.get(room, set()):
                yield f"{module.path}:{line} {name}"


def keys() -> Iterator[tuple[Module, ast.Call]]:
    for module in product():
        if module.room and module.drawer != "migrations":
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call) and called(node) in KEYS:
                    yield module, node


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def keyword(node: ast.Call, name: str) -> object:
    value = next((each.value for each in node.keywords if each.arg == name), None)
    return value.value if isinstance(value, ast.Constant) else value


def target(node: ast.Call) -> object:
    first = node.args[0] if node.args else keyword(node, "to")
    return first.value if isinstance(first, ast.Constant) else first


def leaving_keys() -> Iterator[tuple[str, str, str, ast.Call]]:
    """Yield the keys that name another room: place, own room, room pointed to, call."""
    for module, node in keys():
        pointed = target(node)
        if isinstance(pointed, str) and "." in pointed and pointed.split(".")[0] != module.room:
            yield f"{module.path}:{node.lineno}", module.room, pointed.split(".")[0], node


def classes_of_other_rooms(module: Module) -> set[str]:
    """Return the names a module imports from the models of another room."""
    return {
        name.rpartition(".")[2]
        for name, _line in imported(module)
        if name.startswith("plumbline.domain.") and name.split(".")[2] != module.room
    }


def test_a_room_is_entered_by_its_door() -> None:
    assert list(through_a_wall()) == []


def test_keys_that_leave_a_room_are_written_as_strings() -> None:
    direct = [
        f"{module.path}:{node.lineno}"
        for module, node in keys()
        if isinstance(pointed := target(node), ast.Name) and pointed.id in classes_of_other_rooms(module)
    ]
    assert direct == []


def test_keys_that_leave_a_room_leave_no_name_in_the_other() -> None:
    named = [place for place, _own, _other, node in leaving_keys() if keyword(node, "related_name") != "+"]
    assert named == []


def test_keys_that_leave_a_room_point_down() -> None:
    upward = [f"{place} -> {other}" for place, own, other, _node in leaving_keys() if level(other) >= level(own)]
    assert upward == []


def test_every_room_has_its_level() -> None:
    rooms = {path.parent.name for path in (PACKAGE / "domain").glob("*/__init__.py")}
    assert rooms - set().union(*LEVELS) == set()


def test_nothing_is_imported_by_its_name_but_where_the_reason_is_given() -> None:
    by_name = {
        module.path
        for module in product()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in {"import_module", "__import__", "run_module", "run_path"}
    }
    assert by_name - set(IMPORTS_BY_NAME) == set()


def test_no_signals_are_sent_between_rooms() -> None:
    signals = [
        f"{module.path}:{line}"
        for module in product()
        for name, line in imported(module)
        if module.room and name.startswith(("django.dispatch", "django.db.models.signals"))
    ]
    assert signals == []


def test_the_offline_verifier_needs_the_standard_library_alone() -> None:
    module = read(PACKAGE / "evidence" / "offline.py")
    assert {name.split(".")[0] for name, _line in imported(module)} <= set(sys.stdlib_module_names)


def test_the_script_in_the_root_and_its_set_up_need_the_standard_library_alone() -> None:
    needing_more = {"run_tests", "messages"}
    modules = [path for path in (HOME / "launch").glob("*.py") if path.stem not in needing_more]
    used = {name.split(".")[0] for path in modules for name, _line in imported(read(path))}
    assert used <= {*sys.stdlib_module_names, "launch", "plumbline"}
