"""`./plumbline messages`: every text shown to people, collected into the English catalogue for a person to translate.

The key is the whole Chinese sentence. Python is read as syntax (`say`, `_`, `gettext`, `ngettext`, `pgettext` and
their lazy kinds, first argument a literal); templates through Django's own `templatize`. English that stands is kept.
"""

from __future__ import annotations

import ast
import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOME = Path(__file__).resolve().parent.parent
PACKAGE = HOME / "src" / "plumbline"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGLE = {"say", "_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
TEMPLATE_KEYWORDS = dict.fromkeys(("_", "gettext"), None) | {"ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""The same texts give the same bytes."""


@dataclass(frozen=True, order=True)
class Key:
    """One text: its Chinese sentence, its plural where it counts, its context where a word has two meanings."""

    text: str
    plural: str = ""
    context: str = ""


def main() -> int:
    """Write the catalogue anew and say how many texts still have no English.

    Arguments name further catalogues whose English is taken over where ours has none.
    """
    places = collect()
    write(places, further=[Path(name) for name in sys.argv[1:]])
    missing = untranslated()
    print(f"{len(places)} texts, {len(missing)} without English: {CATALOGUE.relative_to(HOME)}")
    for key in missing:
        print(f"  {key.text}")
    return 0


def collect() -> dict[Key, list[str]]:
    """Return every key with the files it stands in."""
    places: dict[Key, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        for key in keys_of_python(path.read_text()):
            places[key].add(path.relative_to(HOME).as_posix())
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        for key in keys_of_template(path.read_text(), path.name):
            places[key].add(path.relative_to(HOME).as_posix())
    return {key: sorted(files) for key, files in sorted(places.items())}


def keys_of_python(source: str) -> Iterator[Key]:
    """Yield the keys of one module. A first argument that is no literal is left to the structure test to refuse."""
    for name, arguments in marks_of_python(source):
        texts = [each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in SINGLE and texts:
            yield Key(texts[0])
        elif name in PLURAL and len(texts) > 1:
            yield Key(texts[0], plural=texts[1])
        elif name in IN_CONTEXT and len(texts) > 1:
            yield Key(texts[1], context=texts[0])


def marks_of_python(source: str) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the calls that mark a text, as the name of the mark and its arguments by place.

    A function that hands its first parameter to `say` is a mark itself in its module; the call within it is not.
    """
    tree = ast.parse(source)
    wrappers = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _hands_on(node)}
    within = {call for node in wrappers.values() for call in ast.walk(node) if _is_handing_on(call, node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node not in within:
            if node.func.id in wrappers:
                yield "say", node.args
            elif node.func.id in SINGLE | PLURAL | IN_CONTEXT:
                yield node.func.id, node.args


def _hands_on(function: ast.FunctionDef) -> bool:
    return any(_is_handing_on(node, function) for node in ast.walk(function))


def _is_handing_on(node: ast.AST, function: ast.FunctionDef) -> bool:
    """Say whether the node is `say(first parameter of the function, ...)`."""
    names = [*function.args.posonlyargs, *function.args.args]
    if not (names and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
        return False
    first = node.args[0]
    return node.func.id == "say" and isinstance(first, ast.Name) and first.id == names[0].arg


def keys_of_template(source: str, name: str) -> Iterator[Key]:
    """Yield the keys of one template, from the Python-like text `templatize` makes of it."""
    text = "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())
    for _line, function, found, _comments in extract_python(io.BytesIO(text.encode()), TEMPLATE_KEYWORDS, [], {}):
        texts = [each for each in as_texts(found) if each]
        if function == "ngettext" and len(texts) > 1:
            yield Key(texts[0], plural=texts[1])
        elif function == "pgettext" and len(texts) > 1:
            yield Key(texts[1], context=texts[0])
        elif texts:
            yield Key(texts[0])


def as_texts(found: object) -> list[str]:
    """Return what the extractor found as a list; its stubs name types it does not give."""
    return [found] if isinstance(found, str) else [str(each) for each in found or ()]  # type: ignore[attr-defined]  # as said


def read(path: Path = CATALOGUE) -> Catalog:
    """Return a catalogue as it stands, empty where there is none."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def write(places: dict[Key, list[str]], *, further: list[Path]) -> None:
    """Write every key with the English that stands; what is no longer used is dropped."""
    catalogues = [read(), *(read(path) for path in further)]
    after = Catalog(
        locale="en",
        project="Plumbline",
        version="0",
        charset="utf-8",
        header_comment="# English of every text. Keys are the Chinese sentences; collected by ./plumbline messages.",
        creation_date=FIXED_DATE,
        revision_date=FIXED_DATE,
        last_translator="Plumbline",
        language_team="en",
        fuzzy=False,
    )
    for key, files in places.items():
        after.add(
            (key.text, key.plural) if key.plural else key.text,
            next(
                (english for each in catalogues if (english := english_of(each, key))), ("", "") if key.plural else ""
            ),
            locations=[(file, 0) for file in files],
            flags=["python-brace-format"] if "{" in key.text else [],
            context=key.context or None,
        )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    made = io.BytesIO()
    write_po(made, after, width=120, sort_output=True, include_lineno=False)
    passing = CATALOGUE.with_suffix(".po.new")
    passing.write_bytes(made.getvalue())
    passing.replace(CATALOGUE)


def untranslated() -> list[Key]:
    """Return the keys in use that have no English in the catalogue."""
    catalogue = read()
    return [key for key in collect() if not english_of(catalogue, key)]


def english_of(catalogue: Catalog, key: Key) -> str | tuple[str, ...] | None:
    """Return the whole English of a key, or None where any of it is missing or marked as doubtful."""
    entry = catalogue.get(key.text, key.context or None)
    if entry is None or entry.fuzzy or not entry.string or bool(key.plural) == isinstance(entry.string, str):
        return None
    if isinstance(entry.string, str):
        return entry.string
    return tuple(entry.string) if all(entry.string) else None


if __name__ == "__main__":
    sys.exit(main())
