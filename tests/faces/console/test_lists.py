"""Lists of the console: a file is what the list shows, views are one's own, many rows are done with a preview."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.kit import list_export
from tests.faces.conftest import SignIn
from tests.world import World

NAMESPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
REASON = "停业整修"


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue()


def table(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(client, address).decode("utf-8-sig"))))


def sheet(book: bytes, number: int) -> list[list[tuple[str, str]]]:
    """Return (kind, text) of the cells of a sheet: s a text, n a number (a day is one)."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        root = etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    return [
        [(str(cell.get("t", "n")), "".join(str(text) for text in cell.itertext())) for cell in row]
        for row in root.iterfind(".//s:row", NAMESPACE)
    ]


def shown(client: Client, address: str) -> list[str]:
    """Return the first cells of the rows of a list."""
    page = client.get(address).content.decode()
    return [unescape(found) for found in re.findall(r'<a class="id [^"]*" href="[^"]*">([^<]*)</a>', page)]


# ---- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "?sort=serial", "?sort=-serial&cols=serial", "?serial.starts=T", "?state=sealed"]
)
def test_the_file_holds_the_rows_of_the_list_in_its_order(world: World, sign_in: SignIn, query: str) -> None:
    client = sign_in("reception")
    rows = table(client, f"/lists/instruments/export.csv{query}")
    assert [row[0] for row in rows[1:]] == shown(client, f"/instruments/{query}")


def test_the_file_has_the_columns_chosen_under_their_heads(sign_in: SignIn, world: World) -> None:
    rows = table(sign_in("reception"), "/lists/instruments/export.csv?cols=serial,owner")
    assert rows[0] == ["器具码", "单位", "出厂编号"]
    assert rows[1][1] == "测试公司"


@pytest.mark.parametrize(("columns", "asked_for"), [("serial,model", []), ("valid_until", ["document"]), ("owner", [])])
def test_a_file_asks_for_documents_only_where_a_column_needs_them(
    world: World, sign_in: SignIn, columns: str, asked_for: list[str]
) -> None:
    client = sign_in("reception")
    with CaptureQueriesContext(connection) as asked:
        body(client, f"/lists/instruments/export.csv?cols={columns}")
    found = {"document" for each in asked.captured_queries if "certificates_certificate" in each["sql"]}
    assert sorted(found) == asked_for


def test_a_file_holds_no_row_that_the_reader_may_not_see(world: World, sign_in: SignIn) -> None:
    assert len(table(sign_in("keeper"), "/lists/people/export.csv")) > 1
    stranger = sign_in("stranger")
    assert table(stranger, "/my/lists/instruments/export.csv")[1:] == []


def test_no_cell_of_a_file_runs_as_a_formula(world: World, sign_in: SignIn) -> None:
    with scoped(EVERYTHING):
        Instrument.objects.update(model='=HYPERLINK("x")')
    rows = table(sign_in("reception"), "/lists/instruments/export.csv?cols=model")
    assert {row[1] for row in rows[1:]} == {'\'=HYPERLINK("x")'}


def test_the_workbook_keeps_days_numbers_and_texts_and_says_what_was_asked(world: World, sign_in: SignIn) -> None:
    with scoped(EVERYTHING):
        Instrument.objects.update(acquired_on=date(2026, 1, 2), serial="00123")
    book = body(sign_in("reception"), "/lists/instruments/export.xlsx?cols=serial,acquired_on&serial=00123")
    first = sheet(book, 1)[1]
    assert first[1:] == [("inlineStr", "00123"), ("n", str((date(2026, 1, 2) - date(1899, 12, 30)).days))]
    assert ["出厂编号", "00123"] in [[text for _kind, text in row] for row in sheet(book, 2)]


def test_a_list_longer_than_a_sheet_is_no_workbook(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_export, "SHEET_ROWS", 2)
    assert sign_in("reception").get("/lists/instruments/export.xlsx").status_code == 422


@pytest.mark.parametrize("address", ["export.csv?password=1", "export.csv?page=x&sort=maker", "export.exe"])
def test_a_file_of_what_the_list_has_not_is_refused(world: World, sign_in: SignIn, address: str) -> None:
    assert sign_in("reception").get(f"/lists/instruments/{address}").status_code in {404, 422}


@pytest.mark.parametrize("name", ["accounts", "cases"])
def test_who_may_not_read_a_list_gets_no_file_of_it(sign_in: SignIn, name: str) -> None:
    assert sign_in("keeper").get(f"/lists/{name}/export.csv").status_code == 403


@pytest.mark.parametrize(("name", "start"), [("reception", ""), ("owner", "/my")])
def test_certificates_say_where_they_were_made(world: World, sign_in: SignIn, name: str, start: str) -> None:
    world.issue(world.approved())
    client = sign_in(name)
    head, row = table(client, f"{start}/lists/certificates/export.csv")
    assert row[head.index("地点")] == "测试站"
    page = client.get(f"{start}/certificates/").content.decode()
    assert re.search('data-label="地点"[^>]*>测试站<', page)


@pytest.mark.parametrize(
    ("page", "link"),
    [("/instruments/", "/instruments/import/"), ("/instruments/", "/instruments/calibrations/import/"),
     ("/organisations/", "/organisations/import/")],
)  # fmt: skip
def test_a_list_leads_to_its_import_for_who_may(world: World, sign_in: SignIn, page: str, link: str) -> None:
    shown, other = (sign_in(name).get(page).content.decode() for name in ("bureau", "verifier"))
    assert (f'href="{link}"' in shown, f'href="{link}"' in other) == (True, False)


# ---- saved views ----------------------------------------------------------------------------------------------------


def test_a_saved_view_is_found_again_by_its_owner_alone(world: World, sign_in: SignIn) -> None:
    client = sign_in("reception")
    posted = {"act": "save", "name": "封存的", "list": "/instruments/?state=sealed&sort=-serial"}
    assert client.post("/lists/instruments/views/", posted)["Location"] == "/instruments/?state=sealed&sort=-serial"
    link = 'href="/instruments/?state=sealed&amp;sort=-serial">封存的'
    assert link in client.get("/instruments/").content.decode()
    assert "封存的" not in sign_in("verifier").get("/instruments/").content.decode()


def test_a_view_of_what_the_list_has_not_is_not_saved(sign_in: SignIn) -> None:
    posted = {"act": "save", "name": "x", "list": "/instruments/?password=1"}
    assert sign_in("reception").post("/lists/instruments/views/", posted).status_code == 422


def test_another_cannot_delete_a_view(world: World, sign_in: SignIn) -> None:
    client = sign_in("reception")
    client.post("/lists/instruments/views/", {"act": "save", "name": "封存的", "list": "/instruments/?state=sealed"})
    page = client.get("/instruments/").content.decode()
    key = re.search(r'name="view" value="([0-9a-f-]+)"', page)
    assert key is not None
    sign_in("verifier").post("/lists/instruments/views/", {"act": "delete", "view": key[1]})
    assert "封存的" in client.get("/instruments/").content.decode()
    client.post("/lists/instruments/views/", {"act": "delete", "view": key[1]})
    assert 'name="view"' not in client.get("/instruments/").content.decode()


# ---- many rows ------------------------------------------------------------------------------------------------------


def send(client: Client, name: str, **given: object) -> tuple[int, str]:
    answer = client.post(f"/lists/{name}/bulk/", given)
    return answer.status_code, answer.content.decode()


def states(world: World, *cases: CaseFacts) -> list[str]:
    return [world.case(each).state for each in cases]


def test_a_preview_says_of_each_row_what_will_happen_and_does_nothing(world: World, sign_in: SignIn) -> None:
    fresh, taken = world.apply(), world.apply(first=1)
    world.act("reception", taken, "accept")
    rows = [str(fresh.id), str(taken.id)]
    status, page = send(sign_in("reception"), "cases", act="accept", step="preview", row=rows)
    assert (status, "1 条能办" in page, "1 条不能办" in page) == (200, True, True)
    assert states(world, fresh, taken) == ["submitted", "accepted"]


def test_several_cases_are_accepted_and_assigned_by_one_request_each(world: World, sign_in: SignIn) -> None:
    client, fresh = sign_in("reception"), [world.apply(first=number) for number in range(2)]
    seen = {f"seen.{each.id}": "1" for each in fresh}
    rows = [str(each.id) for each in fresh]
    _status, page = send(client, "cases", act="accept", step="do", row=rows, request_id=uuid4(), **seen)
    assert ("办成 2 条" in page, states(world, *fresh)) == (True, ["accepted", "accepted"])
    seen = {f"seen.{each.id}": "2" for each in fresh}
    send(client, "cases", act="assign", step="do", row=rows, request_id=uuid4(), **seen, **world.people())
    assert states(world, *fresh) == ["assigned", "assigned"]


def test_a_request_sent_twice_does_each_row_once(world: World, sign_in: SignIn) -> None:
    client, case = sign_in("reception"), world.apply()
    given = {"act": "accept", "step": "do", "row": [str(case.id)], "request_id": uuid4(), f"seen.{case.id}": "1"}
    pages = [send(client, "cases", **given)[1] for _time in range(2)]
    assert ["办成 1 条" in page for page in pages] == [True, True]
    with scoped(EVERYTHING):
        assert [act.name for act in journal.acts_of(case.id)] == ["submit", "accept"]


def test_a_row_that_changed_since_the_preview_is_left_alone(world: World, sign_in: SignIn) -> None:
    nozzle = world.nozzles()[0]
    given = {"act": "state", "step": "do", "row": [str(nozzle.id)], "request_id": uuid4(), "state": "sealed",
             "reason": REASON, f"seen.{nozzle.id}": "out_of_use"}  # fmt: skip
    _status, page = send(sign_in("reception"), "instruments", **given)
    assert "这一条又变了" in page
    assert world.nozzles()[0].state == "in_use"


def test_all_that_is_filtered_changes_its_state_each_with_an_act_of_its_own(world: World, sign_in: SignIn) -> None:
    client, nozzles = sign_in("reception"), world.nozzles()
    status, page = send(client, "instruments", act="state", all="1", list="/instruments/?state=in_use", step="preview",
                        state="sealed", reason=REASON)  # fmt: skip
    assert (status, f"{len(nozzles)} 条能办" in page) == (200, True)
    held = dict(re.findall(r'name="(request_id|seen\.[0-9a-f-]+)" value="([^"]*)"', page))
    send(client, "instruments", act="state", step="do", row=[str(each.id) for each in nozzles], state="sealed",
         reason=REASON, **held)  # fmt: skip
    assert {each.state for each in world.nozzles()} == {"sealed"}
    with scoped(EVERYTHING):
        told = journal.acts_of_many([each.id for each in nozzles])
    assert {acts[-1].data["reason"] for acts in told.values()} == {REASON}


def test_a_missing_reason_is_said_beside_its_field(world: World, sign_in: SignIn) -> None:
    row = str(world.nozzles()[0].id)
    status, page = send(sign_in("reception"), "instruments", act="state", step="preview", row=[row], state="sealed")
    assert (status, 'href="#reason"' in page) == (422, True)


@pytest.mark.parametrize(("name", "act"), [("instruments", "accept"), ("cases", ""), ("sites", "state")])
def test_an_act_that_the_list_has_not_is_refused(world: World, sign_in: SignIn, name: str, act: str) -> None:
    assert send(sign_in("reception"), name, act=act, step="do", row=[str(uuid4())])[0] == 422


def test_an_act_that_is_not_the_readers_is_refused(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    assert send(sign_in("verifier"), "cases", act="accept", step="do", row=[str(case.id)])[0] == 403


def test_what_others_own_is_not_done_in_bulk(world: World, sign_in: SignIn) -> None:
    assert send(sign_in("reception"), "cases", act="accept", row=[str(UUID(int=1))])[0] == 422


# ---- the rest -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/instruments/", "/certificates/", "/cases/?phase=all", "/organisations/", "/standards/", "/lists/sites/",
             "/lists/scopes/", "/lists/people/", "/lists/qualifications/"],
)  # fmt: skip
def test_a_list_of_the_console_opens_and_sorts_by_each_head(world: World, sign_in: SignIn, path: str) -> None:
    client = sign_in("reception")
    world.issue(world.approved())
    page = client.get(path).content.decode()
    heads = re.findall(r'<a class="lst-s" href="([^"]*)"', page)
    assert heads
    answers = [client.get(unescape(each)) for each in heads]
    assert {answer.status_code for answer in answers} == {200}
    assert all("aria-sort" in answer.content.decode() for answer in answers)


def test_a_list_asks_as_many_questions_for_four_rows_as_for_one(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("reception")
    counts = []
    for address in ("/instruments/", f"/instruments/?q={world.nozzles()[0].identity}"):
        with django_assert_max_num_queries(99) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 1  # the search by identity needs no names of sites that are held already


def test_who_changed_a_standard_is_said_on_its_page(world: World, sign_in: SignIn) -> None:
    assert "登记计量标准的证书" in sign_in("keeper").get(f"/standards/{world.standard_id}/").content.decode()
