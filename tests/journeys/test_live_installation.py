"""The promise of docs/how-to/first-steps.md: from an empty live installation to a certificate a stranger finds valid.

Only the account command and pages are used, each step by the role that does it; the clock is today's.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from plumbline.faces.commands import account, check
from tests.journeys.conftest import Visitor, let_the_log_catch_up
from tests.world import CITY, COUNTY, readings, uscc

OFFICE, INSTITUTE, COMPANY = uscc(11), uscc(12), uscc(13)
PASSWORD = "correct horse battery staple"
STAFF = (
    ("reception", "受理员", "institute_reception"),
    ("verifier", "检定员", "verifier"),
    ("checker", "核验员", "checker"),
    ("approver", "批准人", "approver"),
    ("keeper", "标准负责人", "standard_owner"),
)
MEASURE = {
    "parameters.nominal_volume_l": "20", "parameters.neck_zero_mm": "69", "parameters.ml_per_mm": "2",
    "parameters.material": "stainless steel", "parameters.U_ml": "5", "parameters.k": "2",
}  # fmt: skip


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run `plumbline account` with a password on its input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert account.run(list(arguments)) == 0


def found_an_office(monkeypatch: pytest.MonkeyPatch) -> tuple[Visitor, Visitor]:
    """Register the office and its two first accounts; return the official and the administrator, signed in."""
    command(monkeypatch, "office", "--uscc", OFFICE, "--name", "甲市市场监督管理局", "--region", CITY, "--code", "JSJ")
    opened = ("--organisation", OFFICE, "--password-stdin")
    command(monkeypatch, "open", "official", "--person", "科员", "--role", "city_metrology", "--region", CITY, *opened)
    command(monkeypatch, "open", "admin", "--person", "管理员", "--role", "sysadmin", *opened)
    return Visitor().sign_in("official", PASSWORD), Visitor().sign_in("admin", PASSWORD)


def found_an_institute(official: Visitor) -> None:
    """Register the institution, publish its seal, grant its scope, register its people and a qualification."""
    end = (timezone.localdate() + timedelta(days=700)).isoformat()
    official.send(
        "/register/institution/", uscc=INSTITUTE, name_zh="甲市计量院", name_en="Institute of City A", region_code=CITY,
        institution_code="JSY", authorisation_no="授 1", address_zh="甲路 1 号", phone="1",
    )  # fmt: skip
    official.send("/register/seal/?institution=JSY")
    official.send(
        "/register/scope/?institution=JSY", category="MV-FUEL", region_code=CITY, authorisation_no="授 2", valid_to=end,
        valid_from=timezone.localdate().isoformat(),
    )  # fmt: skip
    for _username, name, _role in STAFF:
        official.send(f"/register/person/?organisation={INSTITUTE}", name_zh=name)
    address = "/register/qualification/?institution=JSY"
    official.send(
        address, person=official.choice(address, "检定员"), category="MV-FUEL", number="资 1", valid_to=end,
        valid_from=timezone.localdate().isoformat(),
    )  # fmt: skip


def open_account(admin: Visitor, organisation: str, *, username: str, name: str, role: str) -> Visitor:
    """Open an account with one role, and sign in with the password that is shown once."""
    address = f"/register/account/?organisation={organisation}"
    password = admin.told_once(
        address, person=admin.choice(address, name), username=username, role=role,
        valid_from=timezone.localdate().isoformat(),
    )  # fmt: skip
    return Visitor().sign_in(username, password).take_own_password(password, PASSWORD)


def register_a_station(official: Visitor) -> None:
    """Register the owner, its clerk, its site and one nozzle."""
    official.send("/register/organisation/", uscc=COMPANY, name_zh="甲石油公司", region_code=COUNTY, phone="2")
    official.send(f"/register/person/?organisation={COMPANY}", name_zh="经办人")
    official.send(f"/register/site/?organisation={COMPANY}", name_zh="甲站", region_code=COUNTY, address_zh="乙路 2 号")
    address = f"/instruments/new/?owner={COMPANY}"
    official.send(
        address, site=official.choice(address, "甲站"), category="MV-FUEL", name_zh="燃油加油机", model="M",
        serial="N1", maker="甲厂", place="1 号枪", **{"attribute.liquid": "petrol"},
    )  # fmt: skip


def register_a_measure(keeper: Visitor) -> None:
    """Register the measure the institute verifies with, under its certificate."""
    keeper.send(
        "/register/standard/?category=MV-FUEL", code="V20-1", name_zh="标准金属量器", level="municipal",
        certificate_no="V-1", certified_by="省院", valid_from=timezone.localdate().isoformat(),
        valid_to=(timezone.localdate() + timedelta(days=365)).isoformat(), range_text="20 L",
        uncertainty_text="U = 5 mL, k = 2", **MEASURE,
    )  # fmt: skip


def apply(owner: Visitor) -> str:
    """Apply for the verification of the nozzle; return the number of the case."""
    address = "/apply/"
    site, nozzle = owner.choice(address, "甲站"), owner.choice(address, "1 号枪")
    owner.send(
        address, site=site, instruments=[nozzle], place="on_site", contact_name="经办人", contact_phone="0577-00000000",
        step="check",
    )  # fmt: skip
    return owner.send("/apply/check/").strip("/").split("/")[-1]


def sheet() -> dict[str, object]:
    """Return the readings of one nozzle as a browser posts them."""
    observed = readings(0.1)
    typed: dict[str, object] = {"do": "record", "performed_on": timezone.localdate().isoformat(), "place": "甲站"}
    for group, prefix in (("environment", "environment"), ("choices", "choices"), ("checks", "check")):
        typed |= {f"{prefix}.{code}": text for code, text in observed[group].items()}  # type: ignore[attr-defined]  # a dict
    for point in observed["points"]:  # type: ignore[attr-defined]  # a list
        typed[f"{point['code']}.flow_l_per_min"] = point["flow_l_per_min"]
        for number, run in enumerate(point["runs"], start=1):
            typed |= {f"{point['code']}.{number}.{column}": text for column, text in run.items()}
    return typed


def verify(number: str, staff: dict[str, Visitor]) -> str:
    """Take a case from acceptance to its certificate, each act by its role; return the certificate's number."""
    case, sheet_address = f"/cases/{number}/", f"/cases/{number}/1/observe/"
    reception, verifier = staff["reception"], staff["verifier"]
    reception.send(case, act="accept")
    people = {
        duty: reception.choice(case, name) for duty, name, _role in STAFF if duty in {"verifier", "checker", "approver"}
    }
    reception.send(case, act="assign", **people)
    verifier.send(case, act="go_on_site")
    verifier.send(sheet_address, **sheet(), standards=verifier.choice(sheet_address, "V20-1"))
    staff["checker"].send(case, act="review")
    staff["approver"].send(case, act="approve")
    let_the_log_catch_up()
    staff["approver"].send(case, act="issue")
    let_the_log_catch_up()
    found = re.search(r"JSY-?[\w-]+", staff["approver"].page("/certificates/"))
    assert found is not None
    return found[0]


def test_an_empty_installation_comes_to_a_certificate_that_a_stranger_finds_valid(
    installation: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    official, admin = found_an_office(monkeypatch)
    found_an_institute(official)
    staff = {
        username: open_account(admin, INSTITUTE, username=username, name=name, role=role)
        for username, name, role in STAFF
    }
    register_a_measure(staff["keeper"])
    register_a_station(official)
    owner = open_account(admin, COMPANY, username="clerk", name="经办人", role="enterprise")
    let_the_log_catch_up()

    certificate = verify(apply(owner), staff)

    code = re.search(r"/c/([0-9A-Z]+)", owner.page(f"/my/certificates/{certificate}/"))
    assert code is not None
    stranger = Client()
    page = stranger.get(f"/c/{code[1]}").content.decode()
    assert ('<h1 id="v">有效</h1>' in page, certificate in page, "甲市计量院" in page) == (True, True, True)
    bundle, trust = tmp_path / "certificate.bundle", tmp_path / "trust.json"
    bundle.write_bytes(b"".join(stranger.get(f"/c/{code[1]}/bundle")))
    trust.write_bytes(b"".join(stranger.get("/trust/trust.json")))
    assert check.run([str(bundle), "--trust", str(trust)]) == 0
