"""Letters: written with the act, sent by a job to a real SMTP server on loopback, tried again, given up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from pytest_django import Settings

from plumbline.domain.accounts.models import Membership
from plumbline.domain.accounts.types import Actor, Behalf
from plumbline.domain.notices import actions, jobs, queries, rules
from plumbline.domain.notices.models import Letter, Line, Reader
from plumbline.domain.notices.types import Addressee, Sending, Wishes
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, InputErrors, Term, say
from plumbline.rulebook.notices import DAILY, IMMEDIATE, NEVER
from tests.domain.databases import connected
from tests.smtp import Running
from tests.world import TODAY, World, moment

ADDRESS = "owner@example.org"
LATER = timedelta(minutes=2)


@pytest.fixture
def posted(world: World, smtp: Running, settings: Settings) -> World:
    """The small world with a mail server, whose owner has a confirmed address."""
    settings.PLUMBLINE_MAIL = smtp.server
    settings.PLUMBLINE_BASE_URL = "https://nqi.example.org"
    subscribe(world)
    return world


def subscribe(
    world: World, username: str = "owner", *, address: str = ADDRESS, language: str = "zh-hans", **kinds: str
) -> None:
    """Let somebody leave an address and confirm it."""
    wishes = Wishes(address, language, kinds)
    world.do(username, partial(actions.wish, wishes=wishes, at=moment(hour=8)))
    with scoped(EVERYTHING):
        Reader.objects.update(confirmed_at=moment(hour=8))
        Letter.objects.filter(kind="confirm").update(state="dropped", ended_at=moment(hour=8))


def told(world: World, text: str = "证书 {number} 已撤销", *, kind: str = "certificate", hour: int = 9) -> None:
    """Tell the company something."""
    with scoped(EVERYTHING):
        sentence = say(text, number="N-1", act=Term("受理", "accept"))
        actions.tell(
            world.organisations["company"], sentence, link="/my/certificates/N-1", at=moment(hour=hour), kind=kind
        )


@transaction.atomic
def tell_and_fail(world: World) -> None:
    """Tell the company something in a transaction that fails."""
    told(world)
    raise ZeroDivisionError


def letters() -> list[tuple[str, str, int]]:
    """Return kind, state and attempts of every letter but confirmations, in order."""
    with scoped(EVERYTHING):
        rows = Letter.objects.exclude(kind="confirm").order_by("made_at", "id")
        return list(rows.values_list("kind", "state", "attempts"))


def parts(smtp: Running) -> list[str]:
    """Return the texts of the one message taken: plain, then HTML."""
    (taken,) = smtp.box.taken
    return [str(part.get_content()) for part in taken.iter_parts()]


# ---------------------------------------------------------------- from the act to the letter


def test_a_notice_of_a_kind_wanted_at_once_arrives_as_text_and_html(posted: World, smtp: Running) -> None:
    told(posted)
    assert jobs.send_due(moment()) == Sending(sent=1)
    (taken,) = smtp.box.taken
    plain, html = parts(smtp)
    assert (taken["To"], taken["Subject"], smtp.box.recipients) == (ADDRESS, "准绳：证书变动", [ADDRESS])
    assert "证书 N-1 已撤销" in plain
    assert "https://nqi.example.org/my/certificates/N-1" in plain
    assert '<a href="https://nqi.example.org/my/certificates/N-1">证书 N-1 已撤销</a>' in html


def test_every_letter_leads_to_the_settings_that_end_it(posted: World, smtp: Running) -> None:
    told(posted)
    jobs.send_due(moment())
    (taken,) = smtp.box.taken
    url = "https://nqi.example.org/my/notices/settings/"
    assert taken["List-Unsubscribe"] == f"<{url}>"
    assert [url in part for part in parts(smtp)] == [True, True]


def test_the_letter_is_in_the_language_of_its_reader(posted: World, smtp: Running) -> None:
    subscribe(posted, language="en")
    told(posted, "业务 {number} 等您“{act}”", kind="work")
    jobs.send_due(moment())
    plain, _html = parts(smtp)
    assert smtp.box.taken[0]["Subject"] == "Plumbline: Your turn"
    assert "Case N-1 waits for your act “accept”" in plain
    assert re.search("[\u3400-\u9fff]", plain) is None


def test_what_somebody_wrote_cannot_become_markup(posted: World, smtp: Running) -> None:
    with scoped(EVERYTHING):
        sentence = say("证书 {number} 已撤销", number="<script>x</script>")
        actions.tell(posted.organisations["company"], sentence, link="", at=moment(), kind="certificate")
    jobs.send_due(moment())
    plain, html = parts(smtp)
    assert ("<script>" in plain, "<script>" in html) == (True, False)


def test_the_subject_says_the_kind_and_nothing_of_the_matter(posted: World, smtp: Running) -> None:
    told(posted)
    jobs.send_due(moment())
    assert "N-1" not in str(smtp.box.taken[0]["Subject"])


def test_a_letter_falls_with_the_act_it_tells_of(posted: World) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(posted)
    assert letters() == []


def test_who_acts_needs_no_sight_of_the_readers_they_write_to(posted: World, smtp: Running) -> None:
    case = posted.apply()
    posted.act("reception", case, "accept")
    subscribe(posted, case=IMMEDIATE)
    posted.act("reception", case, "assign", posted.people())
    posted.act("verifier", case, "go_on_site")
    assert posted.do("stranger", lambda _: Reader.objects.count()) == 0


def test_a_notice_for_one_person_goes_to_that_person_alone(posted: World, smtp: Running) -> None:
    subscribe(posted, "verifier", address="verifier@example.org")
    subscribe(posted, "checker", address="checker@example.org")
    to = Addressee(posted.organisations["institute"], posted.actor("verifier").person_id)
    with scoped(EVERYTHING):
        actions.tell_person(to, say("轮到您办"), link="", at=moment())
    jobs.send_due(moment())
    assert smtp.box.recipients == ["verifier@example.org"]


@pytest.mark.parametrize("wish", [DAILY, NEVER])
def test_a_kind_not_wanted_at_once_makes_no_letter_at_once(posted: World, wish: str) -> None:
    subscribe(posted, certificate=wish)
    told(posted)
    assert letters() == []


def test_an_address_not_confirmed_gets_the_confirmation_alone(world: World, smtp: Running, settings: Settings) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    wishes = Wishes(ADDRESS, "zh-hans", {})
    assert world.do("owner", partial(actions.wish, wishes=wishes, at=moment(hour=8)))
    told(world)
    assert jobs.send_due(moment()) == Sending(sent=1)
    assert smtp.box.taken[0]["Subject"] == "准绳：确认收通知的邮箱"
    (token,) = re.findall(r"/my/notices/confirm/([^/\s]+)/", parts(smtp)[0])
    actions.confirm(token, at=moment(hour=11))
    told(world, hour=12)
    assert jobs.send_due(moment(hour=13)) == Sending(sent=1)


def test_a_link_of_an_address_since_changed_confirms_nothing(world: World, smtp: Running, settings: Settings) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    world.do("owner", partial(actions.wish, wishes=Wishes(ADDRESS, "zh-hans", {}), at=moment(hour=8)))
    jobs.send_due(moment())
    (token,) = re.findall(r"/my/notices/confirm/([^/\s]+)/", parts(smtp)[0])
    world.do("owner", partial(actions.wish, wishes=Wishes("b@example.org", "zh-hans", {}), at=moment(hour=9)))
    with pytest.raises(InputError):
        actions.confirm(token, at=moment(hour=11))


@pytest.mark.parametrize(
    "address", ["x", "a@b@c", "a b@example.org", "a@example.org\nBcc: b@example.org", "a@example.org,b@example.org",
                "甲@example.org", "a@-x.org", "<a@example.org>", "a@example.org\u200b"],
)  # fmt: skip
def test_what_is_no_address_is_refused_beside_its_field(world: World, address: str) -> None:
    with pytest.raises(InputErrors) as refused:
        world.do("owner", partial(actions.wish, wishes=Wishes(address, "zh-hans", {}), at=moment()))
    assert [each.field for each in refused.value.errors] == ["address"]


# ---------------------------------------------------------------- faults


def test_without_settings_for_mail_no_letter_is_written_and_none_is_sent(posted: World, settings: Settings) -> None:
    settings.PLUMBLINE_MAIL = None
    told(posted)
    assert (letters(), jobs.send_due(moment()), jobs.digest(moment())) == ([], Sending(is_set_up=False), 0)


def test_this_copy_has_no_mail_until_somebody_sets_it_up() -> None:
    assert django_settings.PLUMBLINE_MAIL is None


def test_what_the_server_defers_is_tried_again_later_and_later_and_then_given_up_visibly(
    posted: World, smtp: Running
) -> None:
    smtp.box.answers[ADDRESS] = "451 later"
    told(posted)
    at = moment()
    rounds = []
    for wait in (*rules.LETTER_WAITS, timedelta(days=2)):
        rounds.append((jobs.send_due(at), jobs.send_due(at + wait / 2)))
        at += wait
    assert [first for first, _early in rounds] == [Sending(postponed=1)] * len(rules.LETTER_WAITS) + [
        Sending(given_up=1)
    ]
    assert {early for _first, early in rounds} == {Sending()}
    (shown,) = [each for each in posted.do("owner", queries.letters_to) if each.kind == "notice"]
    assert (shown.state, shown.attempts, shown.fault) == ("given_up", len(rules.LETTER_WAITS) + 1, "451 later")


def test_an_address_refused_for_good_is_given_up_at_once(posted: World, smtp: Running) -> None:
    smtp.box.answers[ADDRESS] = "550 no such reader"
    told(posted)
    assert jobs.send_due(moment()) == Sending(given_up=1)
    assert letters() == [("notice", "given_up", 1)]


def test_a_server_that_is_not_there_ends_the_round_and_the_rest_stays_due(
    posted: World, smtp: Running, settings: Settings
) -> None:
    told(posted)
    told(posted, hour=10)
    settings.PLUMBLINE_MAIL = replace(smtp.server, port=1)  # of root's, and nobody listens there
    assert jobs.send_due(moment(hour=11)) == Sending(postponed=1)
    assert sorted(letters()) == [("notice", "waiting", 0), ("notice", "waiting", 1)]
    settings.PLUMBLINE_MAIL = smtp.server
    assert jobs.send_due(moment(hour=11) + LATER) == Sending(sent=2)


def test_a_letter_is_sent_once_however_often_the_job_runs(posted: World, smtp: Running) -> None:
    told(posted)
    assert [jobs.send_due(moment()).sent for _ in range(3)] == [1, 0, 0]
    assert len(smtp.box.taken) == 1


def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_id(
    posted: World, smtp: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(posted)
    with monkeypatch.context() as dying:
        dying.setattr(jobs, "_end", lambda *_args, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jobs.send_due(moment())
    assert jobs.send_due(moment()) == Sending()
    assert jobs.send_due(moment() + rules.LEASE) == Sending(sent=1)
    first, second = smtp.box.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert letters() == [("notice", "sent", 2)]


def test_a_letter_another_process_holds_is_left_to_it(posted: World, smtp: Running) -> None:
    told(posted)
    with connected() as other, other.transaction():
        other.execute("select set_config('plumbline.everything', 'on', true)")
        other.execute("select id from notices_letter where state = 'waiting' for update")
        assert jobs.send_due(moment()) == Sending()
    assert jobs.send_due(moment()) == Sending(sent=1)


def test_a_round_is_bounded(posted: World, smtp: Running) -> None:
    for _ in range(3):
        told(posted)
    assert [jobs.send_due(moment(), most=2).sent for _ in range(2)] == [2, 1]


def test_who_has_left_gets_no_letter_any_more(posted: World, smtp: Running) -> None:
    told(posted)
    with scoped(EVERYTHING):
        Membership.objects.filter(user__username="owner").update(valid_to=TODAY - timedelta(days=1))
    assert jobs.send_due(moment()) == Sending(dropped=1)
    assert smtp.box.taken == []


def test_an_address_taken_back_gets_no_letter_any_more(posted: World, smtp: Running) -> None:
    told(posted)
    posted.do("owner", partial(actions.wish, wishes=Wishes("", "zh-hans", {}), at=moment()))
    assert jobs.send_due(moment()) == Sending(dropped=1)


# ---------------------------------------------------------------- digests


def test_the_digest_of_the_day_holds_what_was_not_read_of_the_kinds_wanted_daily(posted: World, smtp: Running) -> None:
    told(posted, "申请 {number} 被退回补正", kind="case")
    told(posted, "证书 {number} 已撤销", kind="certificate")
    assert (jobs.digest(moment()), jobs.send_due(moment())) == (1, Sending(sent=2))
    (taken,) = [each for each in smtp.box.taken if each["Subject"] == "准绳：每日汇总"]
    body = str(next(taken.iter_parts()).get_content())
    assert ("申请 N-1 被退回补正" in body, "已撤销" in body) == (True, False)


def test_a_day_has_one_digest_and_a_notice_stands_in_one_letter(posted: World) -> None:
    told(posted, kind="case")
    days = [jobs.digest(moment()), jobs.digest(moment(hour=11)), jobs.digest(moment(TODAY + timedelta(days=1)))]
    assert (days, Line.objects.count()) == ([1, 0, 0], 0)
    with scoped(EVERYTHING):
        assert Line.objects.count() == 1


def test_no_digest_is_written_in_the_night(posted: World) -> None:
    told(posted, kind="case")
    following = TODAY + timedelta(days=1)
    assert [jobs.digest(moment(following, hour=hour)) for hour in (1, 6, 7)] == [0, 0, 1]


@pytest.mark.parametrize(("kind", "hour", "due"), [("certificate", 23, 31), ("certificate", 6, 7),
                                                   ("certificate", 21, 21), ("account", 23, 23)])  # fmt: skip
def test_in_the_quiet_hours_a_letter_waits_for_the_morning(posted: World, kind: str, hour: int, due: int) -> None:
    told(posted, kind=kind, hour=hour)
    with scoped(EVERYTHING):
        (letter,) = Letter.objects.exclude(kind="confirm")
    assert letter.due_at == moment(hour=0) + timedelta(hours=due)
    before = jobs.send_due(letter.due_at - timedelta(minutes=1)), jobs.send_due(letter.due_at)
    assert before == (Sending(), Sending(sent=1))


def test_what_was_read_or_came_before_the_address_is_in_no_digest(posted: World) -> None:
    told(posted, kind="case", hour=7)
    told(posted, kind="case", hour=9)
    posted.do("owner", partial(actions.mark_read, at=moment()))
    assert jobs.digest(moment()) == 0


def test_a_digest_holds_a_hundred_and_says_how_many_more_there_are(
    posted: World, smtp: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "DIGEST_MOST", 2)
    for _ in range(5):
        told(posted, kind="case")
    jobs.digest(moment())
    jobs.send_due(moment())
    assert "还有 3 条" in parts(smtp)[0]


def test_wishes_are_kept_kind_by_kind_and_those_unknown_refused(world: World) -> None:
    world.do("owner", partial(actions.wish, wishes=Wishes("", "en", {"case": NEVER}), at=moment()))
    kept = world.do("owner", partial(queries.reader, language="zh-hans"))
    assert (kept.language, kept.wishes["case"], kept.wishes["certificate"]) == ("en", NEVER, IMMEDIATE)
    with pytest.raises(InputErrors):
        world.do("owner", partial(actions.wish, wishes=Wishes("", "tlh", {"rumour": NEVER}), at=moment()))


def test_who_stands_in_does_not_change_the_settings(world: World) -> None:
    with pytest.raises(AccessError):
        actions.wish(_standing_in(world), Wishes("", "en", {}), at=moment())


def _standing_in(world: World) -> Actor:
    owner = world.actor("owner")
    return replace(owner, behalf=Behalf(world.actor("stranger").person_id, "甲"), only=frozenset())
