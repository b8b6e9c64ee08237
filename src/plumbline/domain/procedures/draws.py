"""How the draw of a case stands, read from its acts: who was frozen, who has sealed and opened, who was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from plumbline.domain.journal.types import ActFacts
from plumbline.domain.procedures.types import DrawFacts
from plumbline.evidence.canonical import Json
from plumbline.evidence.draw.manifest import manifest_of
from plumbline.rulebook.procedures import Procedure
from plumbline.rulebook.procedures.drawing import DRAW, FREEZE, NONCE_FIELD, OPEN, SEAL, SEAL_FIELD, VOID, step_of


def draw_of(procedure: Procedure, story: Sequence[ActFacts]) -> DrawFacts | None:
    """Return the newest draw of a case from its acts, None where there was none."""
    found: DrawFacts | None = None
    for act in story:
        step = step_of(procedure.act_done(act.name))
        if step == FREEZE:
            found = _frozen(act)
        elif step and found is not None:
            found = _after(found, act, step=step)
    return found


def _frozen(act: ActFacts) -> DrawFacts:
    facts = _part(act, "facts")
    manifest = manifest_of(cast("Json", facts["manifest"]))
    why = cast("Mapping[str, str]", facts["why"])
    return DrawFacts(manifest, why, str(facts["replaces"]), UUID(str(facts["statement"])), {}, {}, {})


def _after(found: DrawFacts, act: ActFacts, *, step: str) -> DrawFacts:
    party, form = str(_part(act, "facts").get("party", "")), _part(act, "form")
    if step == SEAL:
        houses = {**found.houses, party: act.organisation_id}
        return replace(found, sealed={**found.sealed, party: str(form[SEAL_FIELD])}, houses=houses)
    if step == OPEN:
        return replace(found, nonces={**found.nonces, party: str(form[NONCE_FIELD])})
    return replace(found, is_drawn=step == DRAW, is_void=step == VOID)


def _part(act: ActFacts, name: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", act.data.get(name, {}))
