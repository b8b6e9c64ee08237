"""Reminders of ends: each once, by the lead days of the rulebook, none for what was renewed, revoked or retired."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import reminders as jobs
from plumbline.domain.certificates.types import Revocation
from plumbline.domain.directory.types import QualificationEntry
from plumbline.domain.notices import queries as notices
from plumbline.domain.notices.models import Reminder
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import reminders as of_registers
from plumbline.domain.registers.models import Instrument
from plumbline.domain.registers.types import ScopeEntry, StandardCertification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import notices as rulebook
from tests.domain.certificates.issuing import Certified
from tests.world import COUNTY, FROM, MEASURE, TODAY, UNTIL, World, moment

LONGEST, SHORTEST = rulebook.reminder("instrument").lead_days[0], rulebook.reminder("instrument").lead_days[-1]
STANDARD_ENDS = date(2026, 11, 25)


def before(end: date, days: int) -> date:
    """Return the day so many days before an end."""
    return end - timedelta(days=days)


def said(world: World, username: str = "owner") -> list[str]:
    """Return what somebody was reminded of, the newest first."""
    return [str(each.text) for each in world.do(username, notices.latest) if each.kind == "reminder"]


def ends(certified: Certified) -> date:
    """Return the last day of the certificate of the world."""
    assert certified.document.valid_until is not None
    return certified.document.valid_until


def test_the_owner_is_reminded_once_at_each_lead(certified: Certified) -> None:
    end = ends(certified)
    days = [before(end, LONGEST + 1), before(end, LONGEST), before(end, LONGEST - 1), before(end, SHORTEST),
            before(end, SHORTEST), before(end, -1)]  # fmt: skip
    assert [jobs.remind_of_instruments(moment(day)) for day in days] == [0, 1, 0, 1, 0, 0]
    assert [end.isoformat() in each for each in said(certified)] == [True, True]


def test_a_lead_that_was_missed_is_said_later_and_one_that_passed_is_left_out(certified: Certified) -> None:
    end = ends(certified)
    assert jobs.remind_of_instruments(moment(before(end, SHORTEST - 1))) == 1
    with scoped(EVERYTHING):
        assert list(Reminder.objects.values_list("lead_days", flat=True)) == [SHORTEST]


def test_what_was_verified_again_reminds_nobody_of_the_older_certificate(certified: Certified) -> None:
    end = ends(certified)
    again = moment(TODAY + timedelta(days=1))
    case = certified.do("reception", lambda _: cases.case(certified.document.case_id))
    certified.act("reception", case, "deliver", {"way": "online"})
    certified.issue(certified.approved(at=again), at=again)
    assert jobs.remind_of_instruments(moment(before(end, LONGEST))) == 0


def test_what_was_revoked_reminds_nobody(certified: Certified) -> None:
    revocation = Revocation("record_wrong", "测试", uuid4())
    certified.do("approver", partial(certificates.revoke, certificate_id=certified.document.id, revocation=revocation,
                                     at=moment()))  # fmt: skip
    assert jobs.remind_of_instruments(moment(before(ends(certified), LONGEST))) == 0


def test_an_instrument_out_of_use_reminds_nobody(certified: Certified) -> None:
    with scoped(EVERYTHING):
        Instrument.objects.filter(pk=certified.document.instrument_id).update(state="out_of_use")
    assert jobs.remind_of_instruments(moment(before(ends(certified), LONGEST))) == 0


def test_the_present_owner_is_reminded(certified: Certified) -> None:
    with scoped(EVERYTHING):
        other = certified.organisations["other"]
        Instrument.objects.filter(pk=certified.document.instrument_id).update(owner_id=other)
    jobs.remind_of_instruments(moment(before(ends(certified), LONGEST)))
    assert (len(said(certified)), len(said(certified, "stranger"))) == (0, 1)


def test_several_instruments_of_one_day_are_one_notice(world: World) -> None:
    case = world.approved(errors=(0.1, 0.1))
    first, _second = world.issue(case), world.issue(case, position=2)
    assert first.valid_until is not None
    assert jobs.remind_of_instruments(moment(before(first.valid_until, LONGEST))) == 2
    (told,) = said(world)
    assert told.startswith("2 台")


# ---------------------------------------------------------------- registers


def test_the_institute_is_reminded_of_a_standard_whose_certificate_ends(world: World) -> None:
    assert [of_registers.remind(moment(TODAY)), of_registers.remind(moment(TODAY))] == [1, 0]
    (told,) = said(world, "keeper")
    assert ("V20-1" in told, STANDARD_ENDS.isoformat() in told) == (True, True)


def test_a_standard_certified_anew_reminds_nobody(world: World) -> None:
    newer = StandardCertification(
        certificate_no="V-2", certified_by="测试省院", valid_from=TODAY, valid_to=UNTIL, range_text="20 L",
        uncertainty_text="U = 5 mL, k = 2", k="2", parameters=MEASURE,
    )  # fmt: skip
    world.do(
        "keeper", partial(registers.certify_standard, standard_id=world.standard_id, certification=newer, at=moment())
    )
    assert of_registers.remind(moment(TODAY)) == 0


@pytest.mark.parametrize("renewed", [0, 1])
def test_a_qualification_that_ends_is_told_unless_a_later_one_follows(world: World, renewed: int) -> None:
    end = TODAY + timedelta(days=rulebook.reminder("qualification").lead_days[-1])
    person, house = world.actor("verifier2").person_id, world.organisations["institute"]
    spans = [(FROM, end), (end, UNTIL)][: 1 + renewed]
    for number, (first, last) in enumerate(spans):
        entry = QualificationEntry(person, house, "MV-FUEL", f"资 {number + 2}", first, last)
        world.do("bureau", partial(registers.grant_qualification, entry=entry, at=moment()))
    of_registers.remind(moment(TODAY))
    assert len([each for each in said(world, "checker") if "资格" in each]) == 1 - renewed


def test_an_authorisation_that_ends_is_told(world: World) -> None:
    end = TODAY + timedelta(days=rulebook.reminder("authorisation").lead_days[0])
    entry = ScopeEntry(world.organisations["institute"], "MV-FUEL", COUNTY, "授 9", FROM, end)
    world.do("bureau", partial(registers.grant_scope, entry=entry, at=moment()))
    of_registers.remind(moment(TODAY))
    (told,) = [each for each in said(world, "keeper") if "授权" in each]
    assert end.isoformat() in told
