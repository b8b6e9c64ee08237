"""Observation entry: live results, drafts, editions by day, and that nothing typed is lost."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

from django.test import Client

from plumbline.domain.cases.types import CaseFacts
from tests.faces.conftest import SignIn
from tests.world import World, moment, readings


def sheet(world: World, case: CaseFacts, *, error: float = 0.1, **changed: str) -> dict[str, str]:
    """Return a filled sheet as a browser posts it."""
    observed = readings(error)
    form = {
        "request_id": str(uuid4()), "seen": str(world.case(case).sequence), "do": "record", "draft_version": "0",
        "performed_on": "2026-11-20", "place": "测试站", "standards": str(world.standard_id), "remarks": "",
    }  # fmt: skip
    for group, prefix in (("environment", "environment"), ("choices", "choices"), ("checks", "check")):
        form |= {f"{prefix}.{code}": text for code, text in observed[group].items()}  # type: ignore[attr-defined]  # a dict
    for point in observed["points"]:  # type: ignore[attr-defined]  # a list
        form[f"{point['code']}.flow_l_per_min"] = point["flow_l_per_min"]
        for number, run in enumerate(point["runs"], start=1):
            form |= {f"{point['code']}.{number}.{column}": text for column, text in run.items()}
    return form | changed


def address(case: CaseFacts, position: int = 1) -> str:
    return f"/cases/{case.number}/{position}/observe/"


def kept(client: Client, case: CaseFacts, form: dict[str, str]) -> tuple[int, dict[str, object]]:
    answer = client.post(f"{address(case)}draft/", form)
    return answer.status_code, json.loads(answer.content)


def test_what_the_registers_know_is_filled_in(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    page = sign_in("verifier").get(address(case)).content.decode()
    assert '<option value="petrol" selected>' in page
    assert "V20-1" in page
    assert 'value="2026-11-20"' in page


def test_each_saving_answers_with_results_beside_the_readings(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    status, answer = kept(sign_in("verifier"), case, sheet(world, case))
    pieces = answer["fragments"]
    assert status == 200
    assert answer["version"] == "1"
    assert "+0.1" in pieces["r-q1-1"]  # type: ignore[index]  # as parsed
    assert "合格" in pieces["verdict"]  # type: ignore[index]  # as parsed


def test_a_slip_in_one_cell_hides_no_other_result(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    form = sheet(world, case) | {"q1.2.neck_mm": "abc"}
    _status, answer = kept(sign_in("verifier"), case, form)
    assert "+0.1" in answer["fragments"]["r-q1-1"]  # type: ignore[index]  # as parsed


def test_a_draft_comes_back_when_the_page_is_opened_again(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client = sign_in("verifier")
    kept(client, case, sheet(world, case) | {"q2.3.neck_mm": "12.5", "remarks": "风大"})
    page = client.get(address(case)).content.decode()
    assert 'name="q2.3.neck_mm" value="12.5"' in page
    assert "风大" in page


def test_handing_in_goes_on_to_the_next_instrument(world: World, sign_in: SignIn) -> None:
    case = world.on_site(count=2)
    answer = sign_in("verifier").post(address(case), sheet(world, case))
    assert (answer.status_code, answer["Location"]) == (303, address(case, 2))


def test_the_last_record_ends_the_entry(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case))
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.number}/")
    assert world.case(case).state == "measured"


def test_the_same_sheet_sent_twice_is_one_record(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client, form = sign_in("verifier"), sheet(world, case)
    assert [client.post(address(case), form).status_code for _ in range(2)] == [303, 303]
    assert world.case(case).sequence == 5


def test_two_pages_of_one_verifier_do_not_hinder_each_other(world: World, sign_in: SignIn) -> None:
    case = world.on_site(count=2)
    client, first, second = sign_in("verifier"), sheet(world, case), sheet(world, case)
    client.post(address(case), first)
    assert client.post(address(case, 2), second).status_code == 303


def test_the_same_page_with_other_readings_is_not_called_done(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client, form = sign_in("verifier"), sheet(world, case)
    client.post(address(case), form)
    again = client.post(address(case), sheet(world, case, error=0.2) | {"request_id": form["request_id"]})
    assert (again.status_code, "和那次不同" in again.content.decode()) == (409, True)


def test_a_record_sent_back_comes_with_its_day_and_place(world: World, sign_in: SignIn) -> None:
    case = world.on_site(at=moment(date(2026, 11, 18)))
    world.record(case, on=date(2026, 11, 19), place="东岛")
    world.act("checker", case, "send_back", {"reason": "温度"})
    page = sign_in("verifier").get(address(case)).content.decode()
    assert ('value="2026-11-19"' in page, "东岛" in page, 'value="20.0"' in page) == (True, True, True)


def test_what_is_missing_is_named_and_everything_typed_is_kept(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    form = sheet(world, case) | {"q2.3.neck_mm": "", "check.seals": "not_checked"}
    answer = sign_in("verifier").post(address(case), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#c-q2-3-neck_mm"' in page
    assert 'name="q1.1.v_j_l" value="20.00"' in page
    assert world.case(case).state == "in_work"


def test_the_edition_follows_the_day_performed(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client = sign_in("verifier")
    moved = client.post(address(case), sheet(world, case) | {"do": "keep", "performed_on": "2024-04-28"})
    page = client.get(address(case)).content.decode()
    assert moved.status_code == 303
    assert "按 JJG 443-2015 判定" in page
    assert "check.seals" not in page
    assert 'name="q1.1.v_j_l" value="20.00"' in page


def test_typing_another_day_says_that_the_form_must_change(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    form = sheet(world, case) | {"performed_on": "2024-04-28", "edition": "JJG443-2023"}
    _status, answer = kept(sign_in("verifier"), case, form)
    assert "换成 JJG 443-2015 的表" in answer["fragments"]["edition"]  # type: ignore[index]  # as parsed


def test_checks_answered_before_a_change_of_day_are_not_lost(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client, form = sign_in("verifier"), sheet(world, case)
    client.post(address(case), form | {"do": "keep", "performed_on": "2024-04-28"})
    older = {name: text for name, text in form.items() if not name.startswith("check.")}
    client.post(address(case), older | {"do": "keep", "performed_on": "2026-11-20", "draft_version": "1"})
    page = client.get(address(case)).content.decode()
    assert 'name="check.seals" value="ok" checked' in page


def test_a_standard_not_valid_on_the_day_cannot_be_chosen(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client = sign_in("verifier")
    client.post(address(case), sheet(world, case) | {"do": "keep", "performed_on": "2019-12-31"})
    page = client.get(address(case)).content.decode()
    assert "不包括检定日" in page


def test_a_day_still_to_come_is_refused_beside_its_field(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case) | {"performed_on": "2026-11-21"})
    assert answer.status_code == 422
    assert 'id="performed_on-e"' in answer.content.decode()


def test_nonsense_for_a_day_is_refused_and_kept(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case) | {"performed_on": "昨天"})
    assert answer.status_code == 422
    assert "看不懂" in answer.content.decode()


def test_an_emptied_day_is_asked_for_and_no_other_day_is_put_in_its_place(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case) | {"performed_on": ""})
    assert answer.status_code == 422
    assert "没有填检定日期" in answer.content.decode()
    assert 'value="2026-11-20"' not in answer.content.decode()


def test_a_day_of_no_known_edition_is_not_said_to_be_judged_by_one(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    _status, answer = kept(sign_in("verifier"), case, sheet(world, case) | {"performed_on": "2010-01-01"})
    pieces = answer["fragments"]
    assert "没有已知的现行规程" in pieces["edition"]  # type: ignore[index]  # as parsed
    assert "按 JJG" not in pieces["edition"]  # type: ignore[index]  # as parsed


def test_remarks_too_long_are_refused_whole_not_recorded_in_part(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case) | {"remarks": "长" * 10_000})
    assert answer.status_code == 422
    assert 'id="remarks-e"' in answer.content.decode()
    assert "长" * 10_000 in answer.content.decode()


def test_a_verifier_who_is_not_assigned_cannot_enter(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    client = sign_in("verifier2")
    assert client.get(address(case)).status_code == 409
    assert kept(client, case, sheet(world, case))[0] == 409


def test_a_failed_reading_names_itself_on_the_button(world: World, sign_in: SignIn) -> None:
    case = world.on_site(count=2)
    _status, answer = kept(sign_in("verifier"), case, sheet(world, case, error=0.6))
    assert "记为不合格，到 2 号枪" in answer["fragments"]["go"]  # type: ignore[index]  # as parsed
