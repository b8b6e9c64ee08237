"""Files brought in by a token: handed over, looked at, taken in; once for a key, and nobody else's to see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError
from tests.faces.api.asking import Ask, Asker
from tests.faces.conftest import work_off
from tests.world import uscc

GOOD = "A-81,MV-FUEL,加油枪,M-1,S-81"
BAD = "A-82,MV-FUEL,,M-1,S-82"
HEAD = "external_id,category,name_zh,model,serial"
TERMS = {"kind": "instruments", "owner": uscc(3)}


def csv(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode()


@pytest.fixture
def owner(ask: Ask) -> Asker:
    return ask("owner", "imports:run")


def brought(owner: Asker, *rows: str) -> Any:  # Any: JSON
    """Bring a file in and have its rows read; return how it stands."""
    made = owner.upload("/imports", csv(*rows), **TERMS)
    assert made.status_code == 201, made.content
    work_off()
    told = owner.post(f"/imports/{made.json()['id']}/columns", {})
    assert told.status_code == 200, told.content
    work_off()
    return owner.get(f"/imports/{made.json()['id']}").json()


def held() -> int:
    with scoped(EVERYTHING):
        return Instrument.objects.filter(serial__in=["S-81", "S-82"]).count()


def test_good_rows_are_taken_in_and_bad_ones_told(owner: Asker) -> None:
    found = brought(owner, GOOD, BAD)
    counts = {name: found["report"][name] for name in ("read", "new", "refused", "is_written")}
    assert (found["asks"], counts) == ("take", {"read": 2, "new": 1, "refused": 1, "is_written": False})
    findings = b"".join(owner.get(f"/imports/{found['id']}/findings")).decode("utf-8-sig")
    assert findings.splitlines()[1].startswith("3,")
    assert held() == 0
    owner.post(f"/imports/{found['id']}/take", {"rows": "good"})
    work_off()
    ended = owner.get(f"/imports/{found['id']}").json()
    assert (ended["state"], ended["report"]["is_written"], held()) == ("done", True, 1)


def test_the_same_key_brings_a_file_in_once(owner: Asker) -> None:
    key = str(uuid4())
    first, again = (owner.upload("/imports", csv(GOOD), key=key, **TERMS).json()["id"] for _ in range(2))
    other = owner.upload("/imports", csv(BAD), key=key, **TERMS)
    assert (first, other.status_code) == (again, 409)


def test_an_import_is_stopped(owner: Asker) -> None:
    found = brought(owner, GOOD)
    assert owner.post(f"/imports/{found['id']}/stop").json()["state"] == "stopped"
    assert owner.post(f"/imports/{found['id']}/take", {"rows": "all"}).status_code == 409


@pytest.mark.parametrize(
    ("terms", "field"),
    [({"kind": "instruments", "owner": "nobody"}, "owner"), ({**TERMS, "site": "nowhere"}, "site"),
     ({**TERMS, "site": "a\0b"}, "site"), ({"kind": "nothing"}, "kind")],
)  # fmt: skip
def test_what_is_wrong_besides_the_file_is_told_beside_its_name(
    owner: Asker, terms: dict[str, str], field: str
) -> None:
    told = owner.upload("/imports", csv(GOOD), **terms)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, field)


def test_no_file_or_an_empty_one_is_refused(owner: Asker) -> None:
    told = [owner.upload("/imports", b"", **TERMS), owner.post("/imports", {"kind": "instruments"})]
    assert [each.status_code for each in told] == [422, 422]
    assert told[0].json()["errors"][0]["field"] == "file"


def test_a_column_the_file_has_not_is_refused(owner: Asker) -> None:
    made = owner.upload("/imports", csv(GOOD), **TERMS).json()
    work_off()
    told = owner.post(f"/imports/{made['id']}/columns", {"columns": {"serial": "nothing"}})
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "columns")


def test_an_import_is_nobody_else_s(owner: Asker, ask: Ask) -> None:
    made = owner.upload("/imports", csv(GOOD), **TERMS).json()
    assert ask("stranger", "imports:run").get(f"/imports/{made['id']}").status_code == 404


def test_rows_go_to_one_s_own_organisation_alone(ask: Ask) -> None:
    assert ask("stranger", "imports:run").upload("/imports", csv(GOOD), **TERMS).status_code == 403


def test_a_machine_brings_nothing_in(ask: Ask) -> None:
    with pytest.raises(InputError, match="要由人来办"):
        ask("owner", "imports:run", is_machine=True)
