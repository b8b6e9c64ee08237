"""The register forms: who may open which, faults beside fields with what was typed kept, each done once for a page."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from plumbline.domain.accounts import actions as opening
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.journal import queries as journal
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.console.register_entries import FORMS
from tests.faces.conftest import SignIn
from tests.world import COUNTY, FROM, MEASURE, PASSWORD, TODAY, World, moment, uscc

OFFICE_FORMS = {"organisation", "institution", "seal", "scope", "person", "qualification", "site"}
KEEPER_FORMS = {"standard", "standard-certificate"}
ADMIN_FORMS = {
    "account", "role", "end-role", "password", "invite", "renew-invitation", "withdraw-invitation", "stop-account",
    "resume-account", "clear-ways",
}  # fmt: skip
CERTIFICATE = {
    "certificate_no": "V-2", "certified_by": "测试省院", "valid_from": "2026-11-20", "valid_to": "2027-11-19",
    **{f"parameters.{name}": text for name, text in MEASURE.items()},
}  # fmt: skip


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """Return a browser in which an administrator is signed in."""
    bureau = world.organisations["bureau"]
    with scoped(EVERYTHING):
        person = directory.register_person(bureau, name_zh="测试管理员", at=moment())
        user_id = opening.open_account(accounts.SYSTEM, person, username="admin", password=PASSWORD)
        opening.give_role(accounts.SYSTEM, user_id, grant=Grant(bureau, "sysadmin", FROM))
    return sign_in("admin")


def sent(**typed: str) -> dict[str, str]:
    return {"request_id": str(uuid4()), **typed}


def opened(client: Client) -> set[str]:
    """Return the forms a client may open."""
    return {name for name in FORMS if client.get(f"/register/{name}/").status_code == 200}


def test_each_form_is_opened_by_those_whose_right_it_needs(sign_in: SignIn, admin: Client) -> None:
    roles = {
        "bureau": OFFICE_FORMS,
        "keeper": KEEPER_FORMS,
        "verifier": set(),
        "county": OFFICE_FORMS - {"scope", "qualification"},
    }
    assert {name: opened(sign_in(name)) for name in roles} == roles
    assert opened(admin) == ADMIN_FORMS


def test_a_form_that_is_none_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("bureau").get("/register/nothing/").status_code == 404


def test_every_fault_is_told_beside_its_field_and_what_was_typed_is_kept(sign_in: SignIn) -> None:
    typed = sent(uscc="91330300TEST", name_zh="", region_code="999999", phone="021\u0001", mail="x" * 201)
    answer = sign_in("bureau").post("/register/organisation/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(re.findall(r'href="#(\w+)"', page)) >= {"name_zh", "region_code", "phone", "mail"}
    assert 'value="91330300TEST"' in page


def test_what_the_action_refuses_is_told_beside_its_field(sign_in: SignIn) -> None:
    answer = sign_in("bureau").post("/register/organisation/", sent(uscc=uscc(3), name_zh="又一家", region_code=COUNTY))
    page = answer.content.decode()
    assert (answer.status_code, 'id="uscc-e"' in page, "已登记给“测试公司”" in page) == (422, True, True)


def test_an_organisation_of_another_area_cannot_be_chosen(sign_in: SignIn) -> None:
    typed = sent(uscc=uscc(5), name_zh="外地公司", region_code="110101")
    assert sign_in("bureau").post("/register/organisation/", typed).status_code == 422


def test_a_double_click_registers_one_person(world: World, sign_in: SignIn) -> None:
    client, typed = sign_in("bureau"), sent(organisation=uscc(2), name_zh="测试新人")
    assert [client.post("/register/person/", typed).status_code for _ in range(2)] == [303, 303]
    found = known.people_of(world.organisations["institute"], most=100)
    assert [each.name_zh for each in found].count("测试新人") == 1


def test_another_name_under_the_key_of_a_page_is_told_not_swallowed(sign_in: SignIn) -> None:
    client, typed = sign_in("bureau"), sent(organisation=uscc(2), name_zh="测试新人")
    client.post("/register/person/", typed)
    answer = client.post("/register/person/", {**typed, "name_zh": "另一个"})
    assert (answer.status_code, "这一页已经办成过一次" in answer.content.decode()) == (409, True)


def test_a_seal_announced_again_is_renewed_and_shown_with_its_key(world: World, sign_in: SignIn) -> None:
    client = sign_in("bureau")
    typed = sent(institution="TESTY", valid_from="2030-12-01", valid_to="2032-12-01")
    client.post("/register/seal/", typed)
    seals = ledger.seals_of(world.organisations["institute"])
    page = client.get(f"/organisations/{uscc(2)}/").content.decode()
    assert (len(seals), len({each.key_id for each in seals})) == (2, 1)
    assert (seals[0].key_id in page, "2032-12-01" in page) == (True, True)
    with scoped(EVERYTHING):
        assert [act.name for act in journal.acts_of(world.organisations["institute"])][-1] == "key.added"


def test_days_of_a_seal_in_the_wrong_order_are_refused(sign_in: SignIn) -> None:
    typed = sent(institution="TESTY", valid_from="2030-12-01", valid_to="2029-12-01")
    answer = sign_in("bureau").post("/register/seal/", typed)
    assert (answer.status_code, 'id="valid_to-e"' in answer.content.decode()) == (422, True)


def test_a_further_certificate_of_a_standard_is_registered(world: World, sign_in: SignIn) -> None:
    answer = sign_in("keeper").post("/register/standard-certificate/", sent(standard="V20-1", **CERTIFICATE))
    assert answer.status_code == 303
    with scoped(EVERYTHING):
        assert registers.standard(world.standard_id).certificate_no == "V-2"


def test_a_parameter_the_method_needs_is_asked_for(sign_in: SignIn) -> None:
    typed = sent(standard="V20-1", **{**CERTIFICATE, "parameters.U_ml": ""})
    answer = sign_in("keeper").post("/register/standard-certificate/", typed)
    assert (answer.status_code, 'id="parameters.U_ml-e"' in answer.content.decode()) == (422, True)


def test_a_parameter_that_cannot_be_is_told_beside_its_field(sign_in: SignIn) -> None:
    typed = sent(standard="V20-1", **{**CERTIFICATE, "parameters.k": "99"})
    answer = sign_in("keeper").post("/register/standard-certificate/", typed)
    assert (answer.status_code, 'id="parameters.k-e"' in answer.content.decode()) == (422, True)


def test_the_first_question_is_asked_again_with_its_fault(admin: Client) -> None:
    answer = admin.get("/register/account/?organisation=123")
    page = answer.content.decode()
    assert (answer.status_code, 'id="organisation-e"' in page, 'name="username"' in page) == (422, True, False)


def opened_account(admin: Client, **changed: str) -> str:
    """Open an account for the first person of the institute; return the page that answers."""
    person = known.people_of(known.organisation_by_uscc(uscc(2)).id, most=1)[0]
    typed = sent(
        organisation=uscc(2), person=str(person.id), username="newcomer", role="verifier", valid_from="2026-11-20"
    )
    answer = admin.post("/register/account/", {**typed, **changed})
    assert answer.headers["Cache-Control"].count("no-store") == 1
    return answer.content.decode()


def test_the_password_of_a_new_account_is_shown_once_and_opens_it(admin: Client) -> None:
    found = re.search(r'id="secret">([^<]+)<', opened_account(admin))
    assert found is not None
    assert found[1] not in admin.get("/accounts/").content.decode()
    answer = Client().post("/login/", {"username": "newcomer", "password": found[1]})
    assert (answer.status_code, answer["Location"]) == (302, "/work/")


def test_a_role_of_an_area_needs_the_area(admin: Client) -> None:
    page = opened_account(admin, role="county_market")
    assert ('id="region_code-e"' in page, accounts.has_account("newcomer")) == (True, False)


def test_a_new_password_ends_the_old_one(admin: Client) -> None:
    admin.post("/register/password/", sent(username="verifier"))
    answer = Client().post("/login/", {"username": "verifier", "password": PASSWORD})
    assert answer.status_code == 422


def test_a_role_that_is_ended_is_gone_the_day_after(world: World, admin: Client) -> None:
    held = accounts.account("verifier").roles[0]
    answer = admin.post("/register/end-role/", sent(username="verifier", held=str(held.id), valid_to="2026-11-19"))
    left = accounts.account("verifier").roles
    assert answer.status_code == 303
    assert (len(left), left[0].holds(TODAY), left[0].valid_from) == (1, False, held.valid_from)


def test_a_role_is_given(admin: Client) -> None:
    typed = sent(username="verifier", organisation=uscc(2), role="checker", valid_from="2026-11-20")
    admin.post("/register/role/", typed)
    assert [each.role for each in accounts.account("verifier").roles if each.holds(TODAY)] == ["verifier", "checker"]


def test_who_works_in_an_organisation_of_another_house_is_not_shown(sign_in: SignIn) -> None:
    own = sign_in("verifier").get(f"/organisations/{uscc(2)}/").content.decode()
    other = sign_in("keeper").get(f"/organisations/{uscc(3)}/").content.decode()
    assert ("测试checker" in own, "测试owner" in other) == (True, False)


@pytest.mark.parametrize("path", ["/organisations/", "/organisations/X/", "/accounts/", "/register/seal/"])
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")


def test_accounts_are_not_for_an_office(sign_in: SignIn) -> None:
    assert sign_in("bureau").get("/accounts/").status_code == 403


def test_an_organisation_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("bureau").get("/organisations/NOBODY/").status_code == 404
