"""What a person sees: by which rule, how many rows under their own row-level security; roles and their rights."""

from __future__ import annotations

import pytest
from lxml import html

from tests.faces.conftest import SignIn
from tests.world import World


def rows(page: bytes, section: str) -> dict[str, list[str]]:
    """Return the lines of a section by their first cell."""
    (found,) = [each for each in html.fromstring(page).iter("section") if each.get("id") == section]
    lines = [[_words(cell) for cell in line.iter("td")] for line in found.iter("tr")]
    return {line[0]: line[1:] for line in lines if line}


def _words(cell: html.HtmlElement) -> str:
    return " ".join("".join(map(str, cell.itertext())).split())


def test_the_rows_are_counted_as_the_person_would_see_them(world: World, sign_in: SignIn) -> None:
    world.apply()
    client = sign_in("auditor")
    mine = rows(client.get("/accounts/owner/sees/").content, "lists")
    other = rows(client.get("/accounts/stranger/sees/").content, "lists")
    assert [each["计量器具"][-1] for each in (mine, other)] == ["4 条", "0 条"]
    assert [each["业务"][-1] for each in (mine, other)] == ["1 条", "0 条"]


def test_the_page_s_own_reader_is_left_with_their_own_scope(world: World, sign_in: SignIn) -> None:
    world.apply()
    client = sign_in("auditor")
    client.get("/accounts/stranger/sees/")
    assert "1 条" in client.get("/cases/").content.decode()


def test_each_line_names_the_rule_that_opens_or_closes_it(world: World, sign_in: SignIn) -> None:
    lists = rows(sign_in("auditor").get("/accounts/verifier/sees/").content, "lists")
    assert lists["业务"][:2] == ["看得到", "roles.toml · roles.verifier.may"]
    assert lists["账号名册"][:2] == ["看不到", "这个角色没有“管理账号”"]


def test_the_acts_name_the_line_of_the_procedure(world: World, sign_in: SignIn) -> None:
    acts = rows(sign_in("auditor").get("/accounts/verifier/sees/").content, "rights")
    assert acts["提交原始记录"][:2] == ["强制检定", "procedures/verification.toml · acts.record.roles"]


@pytest.mark.parametrize(
    ("reader", "of", "status"),
    [
        ("auditor", "owner", 200), ("verifier", "verifier", 200), ("verifier", "checker", 404),
        ("reception", "owner", 404), ("auditor", "nobody", 404),
    ],
)  # fmt: skip
def test_it_is_shown_to_who_looks_after_accounts_and_of_oneself(
    world: World, sign_in: SignIn, reader: str, of: str, status: int
) -> None:
    assert sign_in(reader).get(f"/accounts/{of}/sees/").status_code == status


def test_roles_are_listed_with_how_many_hold_them_for_who_may_know(world: World, sign_in: SignIn) -> None:
    seen = rows(sign_in("auditor").get("/roles/").content, "roles")
    others = rows(sign_in("verifier").get("/roles/").content, "roles")
    name = "检定员(注册计量师 + 项目)"
    assert (seen[name][-1], len(seen[name]), len(others[name])) == ("2", 4, 3)


def test_a_role_says_where_each_right_is_given_and_what_may_be_handed_on(world: World, sign_in: SignIn) -> None:
    page = sign_in("verifier").get("/roles/approver/").content
    assert rows(page, "rights")["撤销证书"][1] == "roles.toml · roles.approver.may"
    assert "可以交给同样角色的同事" in page.decode()


def test_a_role_that_is_not_there_is_not_found(world: World, sign_in: SignIn) -> None:
    assert sign_in("verifier").get("/roles/king/").status_code == 404
