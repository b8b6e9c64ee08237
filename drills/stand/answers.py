"""What is wrong with the answers clerks got: a request without one, a number twice, a gap. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

Answer = Mapping[str, str]


def faults_of_answers(requests: Sequence[str], answers: Sequence[Answer]) -> list[str]:
    """Return a sentence for each fault. requests: the ids asked for; answers: their "number", each also repeated."""
    numbers: dict[str, set[str]] = {request: set() for request in requests}
    strangers = [each["request"] for each in answers if each["request"] not in numbers]
    for each in answers:
        if each["number"] and each["request"] in numbers:
            numbers[each["request"]].add(each["number"])
    faults = [f"an answer to a request nobody made: {each}" for each in strangers]
    faults += [f"request {request} was never answered" for request, found in numbers.items() if not found]
    faults += [
        f"request {request} was answered with several numbers: {', '.join(sorted(found))}"
        for request, found in numbers.items()
        if len(found) > 1
    ]
    given = [number for found in numbers.values() for number in sorted(found)]
    faults += [f"number {number} was given {times} times" for number, times in Counter(given).items() if times > 1]
    return faults + gaps_in(given)


def gaps_in(numbers: Sequence[str]) -> list[str]:
    """Return a sentence for each serial missing from 1 to the count, or beyond it, whatever the kind of document."""
    serials = {serial_of(number) for number in numbers}
    wanted = set(range(1, len(numbers) + 1))
    missing = [f"serial {serial} is missing" for serial in sorted(wanted - serials)]
    return missing + [f"serial {serial} is beyond the last" for serial in sorted(serials - wanted)]


def serial_of(number: str) -> int:
    """Return the serial of a certificate number `<institution>-<J|T>-<year>-<serial>-<check>`."""
    return int(number.split("-")[-2])
