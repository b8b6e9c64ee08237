"""The bytes of record.json: what was measured, with what, under which edition, and what follows from it.

Measurement values are decimal text. The same measurement gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.domain.directory.types import QualificationFacts
from plumbline.domain.laboratory.types import Measurement
from plumbline.domain.registers.types import InstrumentFacts, StandardFacts
from plumbline.evidence.canonical import Json, jcs
from plumbline.rulebook import regulations
from plumbline.rulebook.regulations import Regulation
from plumbline.rulebook.regulations.record import evaluation_as_record, rule_as_record
from plumbline.science.metrology.evaluation import Evaluation


@dataclass(frozen=True)
class Basis:
    """What a measurement stands on."""

    instrument: InstrumentFacts
    regulation: Regulation
    standards: tuple[StandardFacts, ...]
    qualification: QualificationFacts


def record_bytes(basis: Basis, measurement: Measurement, *, evaluation: Evaluation, number: str) -> bytes:
    """Return record.json as RFC 8785 bytes."""
    return jcs(
        {
            "v": 1,
            "number": number,
            "instrument": _instrument(basis.instrument),
            "rule": _rule(basis.regulation),
            "performed_on": measurement.performed_on.isoformat(),
            "place": measurement.place,
            "standards": [_standard(each) for each in basis.standards],
            "qualification": basis.qualification.number,
            "observations": _plain(measurement.observations),
            "results": _plain(evaluation_as_record(evaluation)),
            "verdict": evaluation.verdict,
        }
    )


def _rule(regulation: Regulation) -> Json:
    """Return which rule judged, with the hash of its file, so that a later change of it is seen."""
    return _plain({**rule_as_record(regulation), "sha256": regulations.digest(regulation.id)})


def _instrument(instrument: InstrumentFacts) -> Json:
    return {
        "code": instrument.identity,
        "category": instrument.category,
        "name": instrument.name_zh,
        "maker": instrument.maker,
        "model": instrument.model,
        "serial": instrument.serial,
        "attributes": _plain(instrument.attributes),
    }


def _standard(standard: StandardFacts) -> Json:
    return {
        "code": standard.code,
        "name": standard.name_zh,
        "parameters": _plain(standard.parameters),
        "certificate_no": standard.certificate_no,
        "valid_until": standard.valid_to.isoformat(),
    }


def _plain(value: object) -> Json:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
