"""Frozen reports on their pages: listed, shown to each within their area, printed, and handed out whole to few."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.indicators import actions
from plumbline.faces.commands import figures
from tests.domain.certificates.issuing import issued
from tests.domain.ledger.log_of_its_own import tamper
from tests.faces.conftest import SignIn
from tests.world import TODAY, World, moment

ADDRESS = "/figures/reports/2026-11/"
MONTH, AFTER = TODAY.replace(day=1), moment(date(2026, 12, 4))


@pytest.fixture
def report(world: World) -> World:
    """Give a world whose month with a passed and a failed nozzle is frozen."""
    issued(world)
    issued(world, number=1, error=0.5)
    actions.freeze(SYSTEM, MONTH, at=AFTER)
    return world


def test_before_any_is_frozen_the_list_says_when_one_will_be(world: World, sign_in: SignIn) -> None:
    assert "第四天由平台冻结" in sign_in("county").get("/figures/reports/").content.decode()


def test_a_report_is_listed_with_its_hash_and_opens(report: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    assert ADDRESS in client.get("/figures/reports/").content.decode()
    text = client.get(ADDRESS).content.decode()
    assert "在用器具 25.0 % 在有效期内" in text
    assert "1 / 2 份结论不合格" in text
    assert "--month 2026-11 --verify" in text


def test_an_institution_reads_its_own_lines_of_a_report(report: World, sign_in: SignIn) -> None:
    text = sign_in("checker").get(ADDRESS).content.decode()
    assert "业务办结" in text
    assert "按器具种类" not in text


def test_late_facts_are_shown_beside_the_report_when_asked(report: World, sign_in: SignIn) -> None:
    issued(report, number=2)
    client = sign_in("county")
    assert "按现在已知" not in client.get(ADDRESS).content.decode()
    assert "按现在已知" in client.get(f"{ADDRESS}?since=1").content.decode()


def test_the_signed_file_is_handed_to_those_who_see_everything(report: World, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    content = client.get(f"{ADDRESS}report.json").content
    assert hashlib.sha256(content).hexdigest() in client.get(ADDRESS).content.decode()
    assert sign_in("county").get(f"{ADDRESS}report.json").status_code == 403


def test_a_report_is_printed(report: World, sign_in: SignIn) -> None:
    assert sign_in("county").get(f"{ADDRESS}report.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("month", ["2026-10", "2026-13", "then"])
def test_another_month_is_not_there(report: World, sign_in: SignIn, month: str) -> None:
    assert sign_in("county").get(f"/figures/reports/{month}/").status_code == 404


def test_the_command_checks_a_report(report: World, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "--month", "2026-11"]
    assert figures.run([*asked, "--verify"]) == 0
    tamper("registers_instrument", "update registers_instrument set maker = 'X'")
    assert figures.run([*asked, "--verify"]) == 1
    assert "documents" in capsys.readouterr().err
