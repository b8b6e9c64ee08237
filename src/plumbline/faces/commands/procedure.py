"""`plumbline procedure check|draw`: prove definitions of procedures, and print the diagram of one.

Works on the definitions there are, or on files still being written: nothing is installed by looking at it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from plumbline.errors import InputError, Term, Text, say
from plumbline.faces.commands.arguments import Arguments
from plumbline.faces.commands.terminal import in_words, is_chinese, tell_error, warn
from plumbline.rulebook import procedures, roles
from plumbline.rulebook.procedures import Act, Procedure
from plumbline.rulebook.procedures.links import prove_links, with_former
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import read_table


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0, and 1 where a definition is not sound."""
    given = _parser().parse_args(arguments)
    return _check([Path(each) for each in given.files]) if given.what == "check" else _draw(given)


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="./plumbline procedure")
    what = parser.add_subparsers(dest="what", required=True, metavar="check|draw")
    check = what.add_parser("check", help="核对定义 / prove definitions")
    check.add_argument("files", nargs="*", metavar="FILE.toml|FOLDER", help="不写就是全部 / none: all there are")
    draw = what.add_parser("draw", help="画出一个程序 / draw one procedure")
    draw.add_argument("name", metavar="NAME|FILE.toml", help="编号或文件 / id or file")
    draw.add_argument("--mermaid", action="store_true", help="输出 Mermaid 图 / as a Mermaid diagram")
    return parser


def _check(named: Sequence[Path]) -> int:
    """Say of each definition that it is sound, alone and beside the others, or what is wrong with it and where."""
    faults = 0
    for path in _files(named):
        try:
            found = _load(path)
            _prove_beside(found, path)
        except InputError as error:
            faults += 1
            warn(say("{file}：不能用", file=path.name))
            tell_error(error)
            continue
        print(in_words(_summary(found)), flush=True)
    if faults:
        warn(say("{n} 个定义不能用", n=faults))
    return 1 if faults else 0


def _files(named: Sequence[Path]) -> Iterator[Path]:
    """Yield the files to be proved: those named, those of folders named, or all there are."""
    for each in named or procedures.folders():
        yield from procedures.files_in(each) if each.is_dir() or not named else [each]


def _prove_beside(found: Procedure, path: Path) -> None:
    """Pass if a definition holds beside the others there are. Raises: InputError."""
    others = [each for file, each in _sound() if file.resolve() != path.resolve()]
    if twin := next((each for each in others if (each.id, each.edition) == (found.id, found.edition)), None):
        raise InputError(
            say("程序 {id} 的第 {edition} 版已经有了", id=twin.id, edition=twin.edition),
            where=say("文件 {file}", file=path.name),
            remedy=say("改动另立新版，写新的 edition；不是改动，就换一个 id"),
        )
    former = next(
        (each for each in others if found.moves and (each.id, each.edition) == (found.id, found.moves.replaces)), None
    )
    with_former([former, found] if former else [found])
    prove_links(found, [*others, found])


@cache
def _sound() -> list[tuple[Path, Procedure]]:
    """Return the definitions there are that are sound alone, each with its file."""
    found = []
    for folder in procedures.folders():
        for path in procedures.files_in(folder):
            with suppress(InputError):  # told where it is proved itself
                found.append((path, read_procedure(read_table(path))))
    return found


def _load(path: Path) -> Procedure:
    """Return the definition of a file. Raises: InputError naming file, line, key and remedy."""
    if not path.is_file():
        raise InputError(say("没有文件 {file}", file=str(path)), remedy=say("核对文件名"))
    return read_procedure(read_table(path))


def _summary(found: Procedure) -> Text:
    return say(
        "{id} 第 {edition} 版：{name}，{states} 个状态，{acts} 个行为，{clocks} 个时限，{documents} 种文件",
        id=found.id, edition=found.edition, name=Term(found.zh, found.en), states=len(found.states),
        acts=len(found.acts), clocks=len(found.clocks), documents=len(found.documents),
    )  # fmt: skip


def _draw(given: argparse.Namespace) -> int:
    path = Path(given.name)
    found = _load(path) if path.suffix == ".toml" else procedures.load(given.name)
    for line in _mermaid(found) if given.mermaid else _lines(found):
        print(line)
    return 0


def _lines(found: Procedure) -> Iterator[str]:
    """Yield the diagram as text: each state, and by which act of whom it is left for which other."""
    yield _named(found)
    for act in found.opening_acts:
        yield f"● ── {_arrow(act)} → {_targets(found, act)}"
    for state in found.states.values():
        track = f"{_named(found.tracks[state.track])}: " if state.track else ""
        yield f"{'◎' if state.is_end else '○'} {track}{_named(state)}  [{state.name}]"
        ways = [f"── {_arrow(act)} → {_targets(found, act)}" for act in found.acts_from(state.name)]
        ways += [f"∥ {way}" for way in _side_by_side(found, state.name)]
        for number, way in enumerate(ways, start=1):
            yield f"  {'└' if number == len(ways) else '├'}{way}"
    for document in found.documents.values():
        yield f"▣ {_named(document)}  [{document.name}, {document.code}]"
        about = [act for act in found.acts.values() if document.name in _spoken_of(act)]
        for number, act in enumerate(about, start=1):
            words = ", ".join(word.name for word in act.effects if word.about.get("document") == document.name)
            yield f"  {'└' if number == len(about) else '├'}── {_named(act)}: {words}"


def _side_by_side(found: Procedure, state: str) -> Iterator[str]:
    """Yield the tracks that go on in a state, and where the case goes on once they have ended."""
    for track in found.tracks.values():
        if track.during == state:
            yield f"{_named(track)} → {_named(found.states[track.begins])}"
    for join in found.joins:
        if join.during == state:
            ends = [_named(found.states[end]) for ends in join.when.values() for end in ends]
            tracks = [_named(found.tracks[name]) for name in join.when]
            said = ", ".join(f"{track}: {end}" for track, end in zip(tracks, ends, strict=False)) or "…"
            yield f"{said} ⇒ {_named(found.states[join.to])}"


def _mermaid(found: Procedure) -> Iterator[str]:
    """Yield the diagram in the words of Mermaid."""
    yield "stateDiagram-v2"
    for state in found.states.values():
        yield f"  state {_quoted(_named(state))} as {state.name}"
    for act in found.acts.values():
        for start in act.from_states or ("[*]",):
            for target in act.targets:
                yield f"  {start} --> {target}: {_named(act)}"
    for track in found.tracks.values():
        yield f"  {track.during} --> {track.begins}: {_named(track)}"
    for join in found.joins:
        for end in [end for ends in join.when.values() for end in ends] or [join.during]:
            yield f"  {end} --> {join.to}"
    for state in found.states.values():
        if state.is_end and not state.track:
            yield f"  {state.name} --> [*]"


def _arrow(act: Act) -> str:
    able = ("、" if is_chinese() else ", ").join(_named(roles.by_code(role)) for role in act.roles)
    return f"{_named(act)}（{able}）" if is_chinese() else f"{_named(act)} ({able})"


def _spoken_of(act: Act) -> list[object]:
    return [word.about.get("document") for word in act.effects]


def _targets(found: Procedure, act: Act) -> str:
    return " | ".join(_named(found.states[name]) for name in act.targets)


def _named(
    thing: procedures.State | procedures.Track | procedures.Act | procedures.Document | Procedure | roles.Role,
) -> str:
    return thing.zh if is_chinese() else thing.en


def _quoted(text: str) -> str:
    return f'"{text}"'
