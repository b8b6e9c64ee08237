"""A register follows from one file: list, form, page, history and public page, also for one added without Python."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from plumbline.domain.registers.queries import entries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn
from tests.faces.console.eleventh import eleventh
from tests.world import CITY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eleventh")]
__all__ = ["eleventh"]
LIST = "/registers/quality_stations/"
FORM = {
    "code": "ＺＤ０００７", "name": "示例站", "region_code": CITY, "area": "1,234.5 m2", "host": "0577-1",
    "valid_from": "2026-01-01", "valid_to": "",
}  # fmt: skip


def sent(client: Client, address: str, **changed: str) -> str:
    """Send a form and return where it leads, or the page that refuses it."""
    answer = client.post(address, {**FORM, "request_id": str(uuid4()), **changed})
    return answer.headers.get("Location", "") or answer.content.decode()


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_register_added_as_a_file_is_listed_filled_in_and_shown(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    assert "质量服务站点" in read(office, "/registers/")
    assert "站点编号" in read(office, f"{LIST}new/")
    page = sent(office, f"{LIST}new/")
    assert page.startswith(LIST)
    shown = read(office, page)
    assert "ZD0007" in shown
    assert "1 234.5" in shown.replace("\u202f", " ")
    assert "示例站" in read(office, LIST)


def test_faults_of_a_form_stand_beside_their_fields(world: World, sign_in: SignIn) -> None:
    refused = sent(sign_in("bureau"), f"{LIST}new/", code="ZD7", area="一千", name="")
    assert 'id="code-e"' in refused
    assert 'id="area-e"' in refused
    assert 'id="name-e"' in refused


def test_who_changed_what_when_is_told(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    page = sent(office, f"{LIST}new/")
    sent(office, f"{page}change/", name="示例新站", valid_from="2026-06-01", reason="改名")
    office.post(page, {"act": "close", "on": "2026-08-01", "reason": "搬走"})
    told = read(office, page)
    assert "站点名称：示例站 → 示例新站" in told
    assert "状态：开放 → 关闭" in told
    assert "搬走" in told
    assert "改名" in told


def test_an_act_without_its_reason_is_refused_on_the_page(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    page = sent(office, f"{LIST}new/")
    answer = office.post(page, {"act": "close", "on": "2026-08-01", "reason": ""})
    assert answer.status_code == 422
    assert "要写明原因" in answer.content.decode()


def test_a_wrong_period_is_corrected_and_the_old_row_stays_readable(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    page = sent(office, f"{LIST}new/")
    number = int(page.rstrip("/").rpartition("/")[2])
    with scoped(EVERYTHING):
        (standing,) = entries.periods("quality_stations", number)
    sent(office, f"{page}correct/{standing.id}/", area="12", reason="量错了")
    told = read(office, page)
    assert "量错了" in told
    assert "面积：" in told


def test_sending_a_form_twice_registers_once(world: World, sign_in: SignIn) -> None:
    office, key = sign_in("bureau"), str(uuid4())
    assert sent(office, f"{LIST}new/", request_id=key).startswith(LIST)
    assert sent(office, f"{LIST}new/", request_id=key) == LIST
    with scoped(EVERYTHING):
        assert entries.visible_entries("quality_stations", most=9) == 1


def test_a_role_without_the_right_is_refused(world: World, sign_in: SignIn) -> None:
    assert sign_in("verifier").get(LIST).status_code == 403


def test_everybody_reads_the_public_part_alone(world: World, sign_in: SignIn) -> None:
    page = sent(sign_in("bureau"), f"{LIST}new/")
    stranger = Client()
    assert "质量服务站点" in read(stranger, "/public/")
    assert "示例站" in read(stranger, "/public/quality_stations/?q=示例")
    shown = read(stranger, page.replace("/registers/", "/public/"))
    assert "ZD0007" in shown
    assert "0577-1" not in shown


def test_english_names_every_field_in_english(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "station code" in read(office, f"{LIST}new/")


def test_a_page_token_nobody_wrote_is_refused(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    assert [office.get(f"{LIST}?{query}").status_code for query in ("page=x", "after=x", "area.from=x")] == [422] * 3
    assert Client().get("/public/quality_stations/?page=x").status_code == 422
    assert Client().get("/public/quality_stations/?host=0577-1").status_code == 422


def test_the_list_of_a_register_has_what_every_list_has(world: World, sign_in: SignIn) -> None:
    office = sign_in("bureau")
    sent(office, f"{LIST}new/")
    page = read(office, f"{LIST}?area.from=1000&cols=area")
    assert "1\u202f234.5" in page
    files = "/lists/entries-quality_stations/"
    posted = {"act": "save", "name": "大的", "list": f"{LIST}?area.from=1000"}
    assert office.post(f"{files}views/", posted)["Location"] == f"{LIST}?area.from=1000"
    assert f'href="{LIST}?area.from=1000">大的' in read(office, LIST)
    head, row = csv.reader(io.StringIO(office.get(f"{files}export.csv?cols=area").getvalue().decode("utf-8-sig")))
    assert (head, row) == (["站点名称", "面积"], ["示例站", "1234.5"])
    assert office.get(f"{files}export.csv?password=1").status_code == 422


def test_a_register_of_nobody_has_no_list(world: World, sign_in: SignIn) -> None:
    assert sign_in("bureau").get("/lists/entries-nothing/").status_code == 404
