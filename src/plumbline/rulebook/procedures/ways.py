"""The ways through a procedure: tracks that go on beside one another and join, and the proof that no way is a dead end.

From each state an end can be reached; of each track an end, and from each way the tracks of a state may end a join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from types import MappingProxyType

from plumbline.errors import InputError, Text, say
from plumbline.rulebook.procedures.acts import Act
from plumbline.rulebook.procedures.model import Join, Procedure, State, Track
from plumbline.rulebook.reading import Table, known


def read_tracks(table: Table, states: Mapping[str, State]) -> tuple[dict[str, Track], tuple[Join, ...]]:
    """Take the tracks of a procedure and where they join. Raises: InputError naming file, key and remedy."""
    tracks = {name: _track(name, row, states=states) for name, row in table.tables("tracks").items()}
    named = tuple(state.track for state in states.values() if state.track)
    known(named, is_known=tracks.__contains__, table=table, name="states")
    return tracks, tuple(_join(row, tracks=tracks, states=states) for row in table.rows("joins"))


def _track(name: str, row: Table, *, states: Mapping[str, State]) -> Track:
    own = {state.name for state in states.values() if state.track == name}
    whole = {state.name for state in states.values() if not state.track and not state.is_end}
    during = known((row.text("during"),), is_known=whole.__contains__, table=row, name="during")[0]
    begins = known((row.text("begins"),), is_known=own.__contains__, table=row, name="begins")[0]
    track = Track(name, row.text("zh"), row.text("en"), during, begins)
    row.finish()
    return track


def _join(row: Table, *, tracks: Mapping[str, Track], states: Mapping[str, State]) -> Join:
    during = known((row.text("during"),), is_known=states.__contains__, table=row, name="during")[0]
    whole = {state.name for state in states.values() if not state.track}
    to = known((row.text("to"),), is_known=whole.__contains__, table=row, name="to")[0]
    when = {}
    if row.has("when"):
        inner = row.table("when")
        known(tuple(inner.names()), is_known=tracks.__contains__, table=row, name="when")
        for name in inner.names():
            ends = {state.name for state in states.values() if state.track == name and state.is_end}
            when[name] = known(inner.some_texts(name), is_known=ends.__contains__, table=row, name="when")
    row.finish()
    return Join(during, MappingProxyType(when), to)


def prove_tracks(procedure: Procedure, table: Table) -> None:
    """Pass if each act stays in its track, and however tracks end there is a join for it. Raises: InputError."""
    for act in procedure.acts.values():
        tracks = {procedure.states[name].track for name in (*act.from_states, *act.targets)}
        if len(tracks) > 1:
            what = say("规则文件 {file} 的行为“{act}”的 from 和 to 不在同一条并行线里", file=table.file, act=act.zh)
            raise table.fault(
                what, f"acts.{act.name}.to", remedy=say("from 和 to 都写同一条并行线的状态，或者都写不属于并行线的状态")
            )
    for name in dict.fromkeys(track.during for track in procedure.tracks.values()):
        ends = [
            [each for each in procedure.states.values() if each.track == track.name and each.is_end]
            for track in procedure.tracks.values()
            if track.during == name
        ]
        for ended in product(*ends):
            so = {state.track: state.name for state in ended}
            if not any(join.during == name and join.holds(so) for join in procedure.joins):
                ways = "、".join(state.zh for state in ended)
                what = say("规则文件 {file} 没有写并行线都到“{ends}”以后去哪里", file=table.file, ends=ways)
                raise table.fault(what, "joins", remedy=say("加一条 joins；最后一条可以不写 when"))


def prove_ways(procedure: Procedure, table: Table) -> None:
    """Pass if every state can be reached, an end from each, and none is left from an end. Raises: InputError."""
    starts = {target for act in procedure.opening_acts for target in act.targets}
    reached = _closure(starts, procedure)
    for state in procedure.states.values():
        if state.name not in reached:
            what = say("规则文件 {file} 的状态“{state}”到达不了", file=table.file, state=state.zh)
            raise _state_fault(table, state, what=what)
        own_ends = {name for name in _closure({state.name}, procedure, is_own=True) if procedure.states[name].is_end}
        if not own_ends:
            what = say("规则文件 {file} 的状态“{state}”走不到结束", file=table.file, state=state.zh)
            raise _state_fault(table, state, what=what)
        if state.is_end and procedure.acts_from(state.name):
            what = say("规则文件 {file} 的结束状态“{state}”还有后续行为", file=table.file, state=state.zh)
            raise _state_fault(table, state, what=what)


def _closure(start: set[str], procedure: Procedure, *, is_own: bool = False) -> set[str]:
    """Return the states that can be reached from some. is_own: a track's states lead to its own alone."""
    reached, new = set(start), set(start)
    while new:
        new = {target for name in new for target in _next(name, procedure, is_own=is_own)} - reached
        reached |= new
    return reached


def _next(name: str, procedure: Procedure, *, is_own: bool) -> Iterable[str]:
    acts: Iterable[Act] = procedure.acts_from(name)
    yield from (target for act in acts for target in act.targets)
    tracks = [track for track in procedure.tracks.values() if track.during == name]
    yield from (join.to for join in procedure.joins if tracks and join.during == name)
    if not is_own:
        yield from (track.begins for track in tracks)


def _state_fault(table: Table, state: State, *, what: Text) -> InputError:
    return table.fault(
        what, f"states.{state.name}", remedy=say("改正行为的 from 和 to，使每个状态都能到达并能走到结束")
    )
