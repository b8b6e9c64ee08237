"""Procedures by tokens: the catalogue, an application with groups and files, acts of both sides, and what is hidden."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from plumbline.domain.cases import queries as cases
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import procedures
from tests.domain.procedures.examination import NAME
from tests.faces.api.asking import Ask, Asker
from tests.world import World

PDF = b"%PDF-1.7 test"
HERE = f"/procedures/{NAME}"
Json = dict[str, Any]  # Any: JSON


def sent(asker: Asker, content: bytes = PDF) -> Json:
    """Send a file; returns what a form says of it."""
    answer = asker.upload("/files", content)
    assert answer.status_code == 201, answer.content
    return {name: answer.json()[name] for name in ("sha256", "token")}


def application(asker: Asker, **changed: object) -> Json:
    """Return a complete application."""
    form: Json = {
        "standard_name": "压力标准装置", "kind": "new", "is_highest": True, "range": "(0~6) MPa",
        "uncertainty": "0.02 级", "traceable_to": "证书 1", "regulations": ["规程 1", "规程 2"],
        "contact_name": "测试甲", "contact_phone": "1", "report": [sent(asker)],
        "persons": [{"name": "测试甲", "qualification": "1"}, {"name": "测试乙", "qualification": "2"}],
    }  # fmt: skip
    return {"form": form | changed}


def applied(ask: Ask) -> Json:
    """Apply by a machine's token; returns the case."""
    asker = ask("quality", "cases:apply", "cases:read", is_machine=True)
    answer = asker.post(f"{HERE}/cases", application(asker))
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def acted(asker: Asker, case: Json, act: str, **form: object) -> Json:
    """Do an act; returns the case as it then is."""
    answer = asker.post(f"/cases/{case['number']}/acts/{act}", {"seen": case["sequence"], "form": form})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_catalogue_tells_who_may_apply_and_changes_with_its_digest(ask: Ask) -> None:
    told = ask("quality", "cases:apply").get("/procedures").json()
    line = next(each for each in told["items"] if each["id"] == NAME)
    assert told["digest"] == procedures.catalogue_digest()
    assert (line["may_apply"], line["body_role"], line["is_general"]) == (True, "city_metrology", True)
    assert len(told["items"]) == len(procedures.all_procedures())


def test_a_definition_tells_its_form_with_groups_files_and_conditions(ask: Ask) -> None:
    told = ask("owner", "cases:read").get(HERE).json()
    form = {each["name"]: each for act in told["acts"] if act["act"] == "submit" for each in act["form"]}
    assert [each["name"] for each in form["persons"]["fields"]] == ["name", "qualification"]
    assert (form["report"]["accepts"], form["old_certificate"]["when"]) == (["pdf"], {"kind": ["again", "change"]})
    assert (told["clocks"][0]["days"], told["clocks"][0]["kind"]) == (5, "working")
    assert (told["fee"]["origin"]["status"], told["basis"][0]["origin"]["clause"]) == ("unknown", None)
    sides = {act["act"]: act["side"] for act in told["acts"]}
    assert (sides["withdraw"], sides["accept"]) == ("applicant", "body")


def test_every_definition_is_told(ask: Ask) -> None:
    asker = ask("owner", "cases:read")
    assert {asker.get(f"/procedures/{name}").status_code for name in procedures.all_procedures()} == {200}


def test_trying_an_application_writes_nothing(ask: Ask) -> None:
    asker = ask("quality", "cases:apply")
    told = asker.post(f"{HERE}/preview", application(asker)).json()
    assert (told["title"], told["body"]["name"]["zh"], told["form"]["is_highest"]) == ("压力标准装置", "测试局", True)
    with scoped(EVERYTHING):
        assert not cases.listed(cases.Wanted())


def test_a_case_goes_from_application_to_decision_by_tokens(world: World, ask: Ask) -> None:
    case = applied(ask)
    official, examiner = (ask(name, "cases:act", "cases:read") for name in ("official", "examiner"))
    case = acted(official, case, "accept")
    (assign,) = (each for each in case["acts"] if each["act"] == "assign_examiner")
    (asked,) = assign["form"]
    case = acted(official, case, "assign_examiner", examiner=asked["choices"][0]["value"])
    case = acted(
        examiner, case, "ask_correction", reason="两处要改", items=[{"about": "不确定度", "finding": "缺分量"}]
    )
    assert case["story"][-1]["said"]["items"] == [{"about": "不确定度", "finding": "缺分量"}]
    assert (case["state"], case["clocks"][0]["met_on"] is not None) == ("correcting", True)


def test_a_file_of_a_case_is_handed_out_to_who_may_see_the_case(world: World, ask: Ask) -> None:
    case = applied(ask)
    path = f"/cases/{case['number']}/files/{case['details']['report'][0]['sha256']}"
    assert ask("official", "cases:read").get(path).content == PDF
    assert ask("stranger", "cases:read").get(path).status_code == 404


def test_what_is_wrong_is_told_beside_its_field(ask: Ask) -> None:
    asker = ask("quality", "cases:apply")
    wrong = {
        "kind": "again", "report": [{"sha256": "0" * 64, "token": "x"}], "unknown": "1", "range": 6,
        "persons": [{"name": "甲", "nonsense": "1"}],
    }  # fmt: skip
    told = asker.post(f"{HERE}/cases", application(asker, **wrong)).json()
    assert {each["field"] for each in told["errors"]} == {"report", "unknown", "range", "persons.0.nonsense"}
    told = asker.post(f"{HERE}/cases", application(asker, kind="again")).json()
    assert [each["field"] for each in told["errors"]] == ["old_certificate"]


def test_a_file_of_another_holder_is_none(world: World, ask: Ask) -> None:
    theirs = sent(ask("owner", "cases:apply"))
    asker = ask("quality", "cases:apply")
    told = asker.post(f"{HERE}/cases", application(asker, report=[theirs]))
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "report")


def test_a_file_of_no_kind_is_refused(ask: Ask) -> None:
    told = ask("quality", "cases:apply").upload("/files", b"\0\1\2")
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "file")


def test_the_same_key_opens_one_case_and_no_other(ask: Ask) -> None:
    asker, key = ask("quality", "cases:apply"), str(uuid4())
    said = application(asker)
    first, again = (asker.post(f"{HERE}/cases", said, key=key).json() for _ in range(2))
    other = asker.post(f"{HERE}/cases", application(asker, range="别的"), key=key)
    assert (first["number"] == again["number"], other.status_code) == (True, 409)


def test_scopes_keep_the_sides_apart(world: World, ask: Ask) -> None:
    case = applied(ask)
    path = f"/cases/{case['number']}/acts/accept"
    assert ask("official", "cases:apply").post(path, {"seen": 1}).status_code == 403
    assert ask("official", "cases:read", "cases:apply").get(f"/cases/{case['number']}").json()["acts"] == []


def test_missing_and_foreign_are_refused_alike(world: World, ask: Ask) -> None:
    case = applied(ask)
    stranger = ask("stranger", "cases:read", "cases:apply")
    told = [stranger.get(f"/cases/{number}") for number in (case["number"], "2026-999999")]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].json() == told[1].json()
    missing = [stranger.get(f"/procedures/{name}/bodies") for name in ("nothing", "verification")]
    assert missing[0].json() == missing[1].json()


def test_who_may_not_apply_is_refused(ask: Ask) -> None:
    asker = ask("official", "cases:apply")
    assert asker.post(f"{HERE}/cases", {"form": {}}).status_code == 403
