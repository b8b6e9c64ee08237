"""No feature newer than the browsers promised: our styles, scripts and templates against the data of web-features.

web-features (Apache-2.0) is the W3C community's list of what each browser has since which version. A feature newer
than the floor is either not used or stands in `ENRICHES` with what a reader has without it; the list may only shrink.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.structure.source import HOME, PACKAGE

FLOOR = {"safari": "15", "safari_ios": "15", "firefox": "128", "chrome": "86", "chrome_android": "86"}
"""The oldest browsers promised: docs/browsers.md says where each comes from."""
ENRICHES = {
    "css.at-rules.media.forced-colors": "the system's forced colours hold; some frames are thinner",
    "css.at-rules.page": "the margins are those of the printer's own dialog",
    "css.properties.accent-color": "ticks have the system's colour",
    "css.properties.appearance": "the form with -webkit- stands beside it",
    "css.properties.break-after.avoid": "a heading may end a printed sheet",
    "css.properties.content.alt_text": "the plain form stands before it; the cross may be read aloud",
    "css.properties.cursor.not-allowed": "a telephone has no pointer",
    "css.properties.cursor.pointer": "a telephone has no pointer",
    "css.properties.outline": "the focus ring has square corners",
    "css.properties.print-color-adjust": "the form with -webkit- stands beside it",
    "css.properties.resize": "a telephone has no pointer: the field scrolls",
    "css.properties.text-autospace": "no space is added between Chinese and Latin letters",
    "css.properties.text-decoration-thickness": "underlines have the browser's own thickness",
    "css.properties.text-size-adjust": "the form with -webkit- stands beside it, the others do not enlarge",
    "css.properties.text-spacing-trim": "a bracket at the beginning of a line is indented",
    "css.properties.text-underline-offset": "underlines lie where the browser puts them",
    "css.properties.text-wrap": "the lines of a heading are of unequal length",
    "css.selectors.file-selector-button": "the button of a file field looks as the system has it",
    "css.selectors.focus-visible": "base.css gives :focus the same ring there",
    "css.selectors.has": "what is ticked has no tint; the head of a print stands on its first sheet only",
    "html.global_attributes.autocapitalize": "the reader chooses capitals; a code is read in either case",
    "html.global_attributes.autofocus": "the reader taps the field first",
}
"""What a promised browser lacks and nobody needs, with what its reader has without it; values count to their key."""
DATA = HOME / "node_modules" / "web-features" / "data.json"
FACES = PACKAGE / "faces"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = re.compile(r"""(["'])(?:\\.|(?!\1).)*\1""")
BLOCK = re.compile(r"([^{};]*)([{};])")
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)")
PARTS = {
    "content": (re.compile(r"/"), "alt_text"),
    "text-decoration": (re.compile(r"\b(dotted|dashed|wavy|double|solid)\b|var\(|#"), "includes_color-and-style"),
}
"""What of a value is a feature of its own though no word of it says so: by property."""
Support = Mapping[str, str]


@cache
def known() -> dict[str, Support]:
    """Return since which version each browser has each feature, by its key."""
    if not DATA.exists():
        pytest.skip("not run: web-features is not installed (./plumbline setup --with-tests)")
    features = json.loads(DATA.read_text())["features"].values()
    stated = [each["status"].get("by_compat_key", {}) for each in features if each["kind"] == "feature"]
    return {key: status["support"] for each in stated for key, status in each.items()}


@cache
def by_name() -> dict[str, list[str]]:
    """Return the keys of what scripts and functions of styles are called by their last word."""
    found = defaultdict(list)
    for key in known():
        if key.startswith(("api.", "javascript.builtins.", "css.types.")):
            found[key.rsplit(".", 1)[-1]].append(key)
    return found


def is_newer(key: str) -> bool:
    """Say whether a browser promised lacks a feature; what the data do not know is no finding."""
    return key in known() and any(_number(known()[key].get(name, "9999")) > _number(at) for name, at in FLOOR.items())


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.lstrip("≤").split("."))


def named(name: str, of: str | tuple[str, ...]) -> list[str]:
    """Return the key of a name where everything known by it is newer: an older thing of that name may be meant."""
    keys = [key for key in by_name().get(name, []) if key.startswith(of)]
    return keys[:1] if keys and all(is_newer(key) for key in keys) else []


def styles(text: str) -> Iterator[tuple[str, str]]:
    """Yield each prelude with "{" and each declaration with ";" of a style sheet, comments and strings emptied."""
    for found in BLOCK.finditer(STRING.sub('""', COMMENT.sub("", text))):
        if found[1].strip():
            yield found[1].strip(), "{" if found[2] == "{" else ";"


def in_style(text: str) -> Iterator[str]:
    """Yield the keys of what a style sheet uses."""
    for words, kind in styles(text):
        yield from in_prelude(words) if kind == "{" else in_declaration(words)


def in_prelude(words: str) -> Iterator[str]:
    """Yield the keys of an at-rule with what it asks, or of a selector's pseudo-classes and -elements."""
    if at_rule := re.match(r"@([a-z-]+)", words):
        yield f"css.at-rules.{at_rule[1]}"
        yield from (f"css.at-rules.{at_rule[1]}.{name}" for name in re.findall(r"\(([a-z-]+)\s*:", words))
    else:
        yield from (f"css.selectors.{name}" for name in re.findall(r":([a-z-]+)", words))


def in_declaration(words: str) -> Iterator[str]:
    """Yield the keys of a property, the words of its value, its functions, and what else PARTS knows of it."""
    name, _colon, value = (each.strip() for each in words.partition(":"))
    if name.startswith("--"):
        return
    yield f"css.properties.{name}"
    yield from (f"css.properties.{name}.{word}" for word in re.findall(r"[a-z][a-z-]*", value))
    for called in re.findall(r"([a-z][a-z-]*)\(", value):
        yield from named(called, "css.types.")
    if name in PARTS and PARTS[name][0].search(value):
        yield f"css.properties.{name}.{PARTS[name][1]}"


def in_script(text: str) -> Iterator[str]:
    """Yield the keys of what a script calls or makes and did not define, where nothing so called is old enough."""
    plain = STRING.sub('""', COMMENT.sub("", text))
    made = set(re.findall(r"(\w+)(?: = function|\()", " ".join(re.findall(r"\.\w+ = function|function \w+\(", plain))))
    for name in set(re.findall(r"(?:\.|\bnew )([A-Za-z]+)\(", plain)) - made:
        yield from named(name, ("api.", "javascript."))
    if re.search(r"\(\?<[=!]", text):
        yield "javascript.regular_expressions.lookbehind_assertion"


def in_template(text: str) -> Iterator[str]:
    """Yield the keys of the elements and attributes of a template."""
    for tag, attributes in TAG.findall(re.sub(r"{%.*?%}|{{.*?}}", "", text)):
        yield f"html.elements.{tag}"
        for name, value in re.findall(r"([a-z-]+)(?:=\"([^\"]*)\")?", attributes):
            yield from (
                f"html.global_attributes.{name}",
                f"html.elements.{tag}.{name}",
                f"html.elements.{tag}.{name}_{value}",
            )


@cache
def used() -> dict[str, set[str]]:
    """Return the files that use each feature that a browser promised lacks."""
    found = defaultdict(set)
    for ending, keys_of in (("css", in_style), ("js", in_script), ("html", in_template)):
        for path in own(ending):
            for key in filter(is_newer, keys_of(path.read_text())):
                found[key].add(path.name)
    return found


def own(ending: str) -> list[Path]:
    """Return the files of the faces that we wrote ourselves."""
    return [path for path in sorted(FACES.rglob(f"*.{ending}")) if "vendor" not in path.parts]


def enriching(key: str) -> str:
    """Return the entry of ENRICHES a feature counts to, itself or one it is a part of, or nothing."""
    return next((each for each in ENRICHES if key == each or key.startswith(f"{each}.")), "")


def test_nothing_is_used_that_a_promised_browser_lacks_but_what_only_enriches() -> None:
    assert {key: sorted(files) for key, files in used().items() if not enriching(key)} == {}


def test_the_list_of_what_enriches_holds_nothing_unused() -> None:
    assert set(ENRICHES) - {enriching(key) for key in used()} == set()


def test_a_selector_some_browser_lacks_takes_no_other_with_it() -> None:
    lists = [words.split(",") for path in own("css") for words, kind in styles(path.read_text()) if kind == "{"]
    newer = [[any(is_newer(key) for key in in_prelude(part.strip())) for part in parts] for parts in lists]
    assert [",".join(parts) for parts, found in zip(lists, newer, strict=True) if any(found) and not all(found)] == []


def test_the_check_sees_what_is_newer() -> None:
    """A style and a script of today, so that an empty finding says something."""
    style = (
        "@container (width > 1px) { a:has(b) { color: color-mix(in srgb, red, blue); height: 1px; text-wrap: pretty } }"
    )
    seen = {*filter(is_newer, in_style(style)), *in_script("Object.groupBy(x); y.showPopover(); x.replaceWith(y)")}
    assert {key.rsplit(".", 1)[-1] for key in seen} >= {
        "container",
        "has",
        "color-mix",
        "pretty",
        "groupBy",
        "showPopover",
    }
    assert "api.Element.replaceWith" not in seen
