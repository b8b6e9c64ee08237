"""Sizes and names of files and functions (STYLE 2 and 3): longer means two ideas."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.structure.source import FunctionNode, Module, functions, length, product, written

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 500, 60, 40
LONG_FOR_A_REASON = {
    "src/plumbline/evidence/offline.py": (920, "one file that a stranger can read and run without the rest of us"),
}
MOST_PARAMETERS, MOST_BY_PLACE = 5, 2


def limit(module: Module) -> int:
    if module.path in LONG_FOR_A_REASON:
        return LONG_FOR_A_REASON[module.path][0]
    return LONGEST_TEST if module.path.startswith("tests/") else LONGEST_FILE


def parameters(node: FunctionNode) -> tuple[list[str], list[str]]:
    """Return the names given by place and all names; `self`, `cls` and the starred ones do not count."""
    by_place = [each.arg for each in (*node.args.posonlyargs, *node.args.args) if each.arg not in {"self", "cls"}]
    return by_place, [*by_place, *(each.arg for each in node.args.kwonlyargs)]


def is_counted(node: FunctionNode) -> bool:
    """Leave out what another has defined: dunder methods but the constructor, nested functions have no callers."""
    return not node.name.startswith("__") or node.name == "__init__"


def signatures() -> Iterator[tuple[str, list[str], list[str]]]:
    for module in product():
        if module.drawer != "migrations":
            for node in filter(is_counted, functions(module)):
                by_place, every = parameters(node)
                yield f"{module.path}:{node.lineno} {node.name}", by_place, every


def test_no_file_is_longer_than_its_limit() -> None:
    long = {each.path: each.lines for each in written() if each.lines > limit(each)}
    assert long == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = {
        f"{each.path}:{node.lineno} {node.name}": length(node)
        for each in written()
        for node in functions(each)
        if length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_ninety_five_of_a_hundred_functions_stay_within_forty_lines() -> None:
    lengths = [length(node) for each in product() for node in functions(each)]
    assert sum(each <= USUAL_FUNCTION for each in lengths) >= 0.95 * len(lengths)


def test_no_function_takes_more_than_five_parameters() -> None:
    many = {name: every for name, _by_place, every in signatures() if len(every) > MOST_PARAMETERS}
    assert many == {}


def test_after_the_first_two_parameters_are_given_by_name() -> None:
    by_place = {name: names for name, names, _every in signatures() if len(names) > MOST_BY_PLACE}
    assert by_place == {}


def test_no_module_is_named_for_having_no_idea() -> None:
    named = [each.path for each in written() if FORBIDDEN_NAMES & set(Path(each.path).with_suffix("").parts)]
    assert named == []


def test_every_module_says_what_it_answers() -> None:
    silent = [each.path for each in written() if each.tree.body and ast.get_docstring(each.tree) is None]
    assert silent == []


def test_every_public_function_of_the_product_has_a_docstring() -> None:
    silent = [
        f"{each.path}:{node.lineno} {node.name}"
        for each in product()
        for node in public_functions(each.tree)
        if each.drawer != "migrations" and ast.get_docstring(node) is None
    ]
    assert silent == []


def public_functions(tree: ast.Module) -> Iterator[FunctionNode]:
    for node in tree.body:
        if isinstance(node, FunctionNode) and not node.name.startswith("_"):
            yield node
