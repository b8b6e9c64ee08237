"""Issuing, certificates, instruments: one by one or all, what was done is said, corrections need a reason."""

from __future__ import annotations

import re
from uuid import uuid4

from django.test import Client

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates.types import CertificateFacts
from tests.faces.conftest import SignIn, act_of
from tests.world import World, sequence, uscc


def all_of(client: Client, case: CaseFacts) -> dict[str, str]:
    """Return the form that issues all, as the page offers it."""
    page = client.get(f"/cases/{case.number}/").content.decode()
    keys = re.findall(r'name="(request_id\.\d+)" value="([^"]+)"', page)
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    return {"act": "issue", "seen": seen, **dict(keys)}


def issued(world: World) -> CertificateFacts:
    found = world.issue(world.approved())
    sequence()
    return found


def test_issuing_all_issues_each_and_says_so(world: World, sign_in: SignIn) -> None:
    case = world.approved(errors=(0.1, 0.6))
    client = sign_in("approver")
    answer = client.post(f"/cases/{case.number}/", all_of(client, case))
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert answer.status_code == 303
    assert "已签发检定结果通知书 1 份" in page
    assert "检定证书 1 份" not in page  # one has no range of numbers
    assert world.case(case).state == "issued"


def test_issuing_all_twice_issues_once(world: World, sign_in: SignIn) -> None:
    case = world.approved(errors=(0.1, 0.1))
    client = sign_in("approver")
    form = all_of(client, case)
    assert [client.post(f"/cases/{case.number}/", form).status_code for _ in range(2)] == [303, 303]
    assert "000003" not in client.get("/certificates/").content.decode()


def test_one_is_issued_alone(world: World, sign_in: SignIn) -> None:
    case = world.approved(errors=(0.1, 0.1))
    client = sign_in("approver")
    answer = client.post(f"/cases/{case.number}/", all_of(client, case) | {"job": "2"})
    assert answer.status_code == 303
    assert world.case(case).state == "approved"


def test_what_is_not_yet_in_the_log_is_told_for_each(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "review")
    world.act("approver", case, "approve")
    client = sign_in("approver")
    answer = client.post(f"/cases/{case.number}/", all_of(client, case))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1 号枪 没有签发" in page
    assert "稍候再办" in page
    assert world.case(case).state == "approved"


def test_the_verifier_may_not_issue(world: World, sign_in: SignIn) -> None:
    case = world.approved()
    form = {"act": "issue", "seen": str(case.sequence), "request_id.1": str(uuid4())}
    assert sign_in("verifier").post(f"/cases/{case.number}/", form).status_code == 403


def test_delivering_needs_the_way(world: World, sign_in: SignIn) -> None:
    issued(world)
    client = sign_in("reception")
    page = client.get("/work/").content.decode()
    number = re.findall(r"2026-\d{6}", page)[0]
    seen = re.findall(r'name="seen" value="(\d+)"', client.get(f"/cases/{number}/").content.decode())[0]
    assert client.post(f"/cases/{number}/", act_of("deliver", int(seen))).status_code == 422
    assert client.post(f"/cases/{number}/", act_of("deliver", int(seen), way="online")).status_code == 303


def test_a_certificate_shows_its_place_in_the_log_and_its_files(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    client = sign_in("checker")
    page = client.get(f"/certificates/{found.number}/").content.decode()
    assert "有效期至 2027-05-19" in page
    assert "<dt>地点</dt>" in page
    assert 'href="/rules/JJG443-2023/"' in page
    assert "由签发方自己的平台记录，还没有外部见证" in page
    names = ("certificate.pdf", "dcc.xml", "record.json", "bundle.json")
    answers = [client.get(f"/certificates/{found.number}/{name}").status_code for name in names]
    assert answers == [200, 200, 200, 200]


def test_a_file_a_certificate_does_not_have_is_not_found(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    assert sign_in("checker").get(f"/certificates/{found.number}/passwords.txt").status_code == 404


def test_revoking_needs_a_reason_and_is_said_at_once(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    client, address = sign_in("approver"), f"/certificates/{found.number}/"
    form = {"act": "revoke", "reason_code": "record_wrong", "reason": "", "request_id": str(uuid4())}
    refused = client.post(address, form)
    done = client.post(address, form | {"reason": "读错一行"})
    assert (refused.status_code, done.status_code) == (422, 303)
    assert 'id="revoke-reason-e"' in refused.content.decode()
    assert "已撤销" in client.get(address).content.decode()


def test_the_checker_is_offered_no_correction(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    assert "撤销这份证书" not in sign_in("checker").get(f"/certificates/{found.number}/").content.decode()


def test_a_replacement_leads_to_the_new_certificate(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    form = {"act": "supersede", "reason": "地址更正", "request_id": str(uuid4())}
    answer = sign_in("approver").post(f"/certificates/{found.number}/", form)
    assert answer.status_code == 303
    assert answer["Location"] != f"/certificates/{found.number}/"


def test_an_instrument_shows_its_certificates_its_errors_and_its_chain(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    nozzle = world.nozzles()[0]
    page = sign_in("verifier").get(f"/instruments/{nozzle.identity}/").content.decode()
    assert found.number in page
    assert "上级溯源未登记" in page
    assert "V20-1" in page
    assert "历次误差与限值" in page


def test_retiring_needs_a_reason(world: World, sign_in: SignIn) -> None:
    nozzle = world.nozzles()[0]
    client, address = sign_in("reception"), f"/instruments/{nozzle.identity}/"
    form = {"act": "retire", "request_id": str(uuid4())}
    refused = client.post(address, {**form, "reason": ""})
    done = client.post(address, {**form, "reason": "已拆除"})
    assert (refused.status_code, done.status_code) == (422, 303)
    assert "终止使用" in client.get(address).content.decode()


def test_a_new_instrument_gets_its_code_once(world: World, sign_in: SignIn) -> None:
    nozzle, client = world.nozzles()[0], sign_in("county")
    owner = re.findall(r'name="owner" value="(\w+)"', client.get(f"/instruments/new/?owner={uscc(3)}").content.decode())
    form = {
        "owner": owner[0], "request_id": str(uuid4()), "site": str(nozzle.site_id), "category": "MV-FUEL",
        "name_zh": "加油机", "serial": "NEW-1", "place": "9 号枪", "attribute.liquid": "petrol",
    }  # fmt: skip
    first, second = (client.post("/instruments/new/", form) for _ in range(2))
    assert first.status_code == 303
    assert first["Location"] == second["Location"]


def test_a_name_left_out_stays_beside_its_field(world: World, sign_in: SignIn) -> None:
    form = {
        "owner": uscc(3), "request_id": str(uuid4()), "site": str(world.nozzles()[0].site_id),
        "category": "MV-FUEL", "name_zh": "", "serial": "KEPT-1",
    }  # fmt: skip
    answer = sign_in("county").post("/instruments/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="name_zh-e"' in page
    assert 'value="KEPT-1"' in page


def test_replacing_twice_by_one_click_answers_the_same(world: World, sign_in: SignIn) -> None:
    found = issued(world)
    client = sign_in("approver")
    form = {"act": "supersede", "reason": "地址有误", "request_id": str(uuid4())}
    answers = [client.post(f"/certificates/{found.number}/", form) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
