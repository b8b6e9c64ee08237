"""Pure decisions of errands: who may stop one, how long the rest takes, how a sentence is kept and found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from plumbline.errors import PlumblineError, Term, Text

DEATHS_MOST = 5
"""How often an errand is taken up again after a worker ended in the midst of one and the same piece."""


def seconds_left(*, done: int, of: int | None, leg_done: int, spent_s: float) -> float | None:
    """Return how long the rest of a phase takes at the speed it had since its beginning; None before that is known."""
    moved = done - leg_done
    if of is None or moved <= 0 or spent_s <= 0:
        return None
    return (of - done) * spent_s / moved


def may_steer(*, person_id: UUID, asker_id: UUID, manages: object) -> bool:
    """Tell whether somebody may stop or resume an errand: who asked for it, or who looks after the installation."""
    return person_id == asker_id or bool(manages)


def kept_faults(error: PlumblineError) -> list[dict[str, object]]:
    """Return the sentences of an error as JSON."""
    return [
        {name: kept_text(text) for name in ("what", "where", "remedy") if (text := getattr(each, name)) is not None}
        for each in error.faults
    ]


def kept_text(text: Text) -> dict[str, object]:
    """Return a sentence as JSON, to be shown later in any language."""
    return {"say": text.template, "with": {name: _kept(value) for name, value in text.params.items()}}


def found_text(kept: object) -> Text | None:
    """Return a sentence that was kept, None where none was."""
    found = _found(kept)
    return found if isinstance(found, Text) else None


def _kept(value: object) -> object:
    if isinstance(value, Text):
        return kept_text(value)
    if isinstance(value, Term):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, int | str) else str(value)


def _found(kept: object) -> object:
    if not isinstance(kept, Mapping):
        return kept
    if "say" in kept:
        values = kept.get("with")
        named = values if isinstance(values, Mapping) else {}
        return Text(str(kept["say"]), {str(name): _found(value) for name, value in named.items()})
    return Term(str(kept.get("zh", "")), str(kept.get("en", "")))


def moment_key(at: datetime, key: UUID) -> str:
    """Return the key of the page that begins after an errand."""
    return f"{at.isoformat()}~{key}"


def read_key(text: str) -> tuple[datetime, UUID] | None:
    """Return what a key of a page says, None for none. Raises: ValueError for what no page has given."""
    if not text:
        return None
    at, _mark, key = text.partition("~")
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment, UUID(key)


def is_lost(deaths: int) -> bool:
    """Tell whether an errand is given up, because worker after worker ends in it."""
    return deaths >= DEATHS_MOST


def within(done: int, of: int | None) -> int | None:
    """Return the whole as it is noted: never less than what is done already."""
    return of if of is None else max(done, of)


Kept = Sequence[Mapping[str, object]]
