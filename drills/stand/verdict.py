"""Looks at a copy after a storm: does everything the clerks were told exist, whole, once, and proven?

asked: {"answers": [...], "notes": [earlier checkpoints], "patience_s"}. Asks the doors of the rooms, and recomputes
what they answer from the bytes on disk.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any  # what is asked, and what a statement says, is JSON
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import PlumblineError
from plumbline.evidence.log.checkpoint import Checkpoint, open_checkpoint, parse_vkey
from plumbline.evidence.log.merkle import leaf_hash, verify_consistency
from plumbline.evidence.log.proof import check_proof
from plumbline.evidence.offline import check_bundle
from plumbline.evidence.statement import read_payload

BUNDLE_EVERY = 10


def main(asked: dict[str, Any]) -> dict[str, Any]:
    """Return {"faults": [...], "figures": {...}}."""
    wait_for_log(asked["patience_s"])
    answers = {each["request"]: each for each in asked["answers"] if each["number"]}
    with scoped(EVERYTHING):
        faults = list(faults_of_certificates(list(answers.values())))
        faults += faults_of_log(asked["notes"])
        figures = {**figures_of_files(answers.values()), "entries": ledger.published_size()}
    return {"faults": faults, "figures": figures}


def wait_for_log(patience_s: float) -> None:
    """Wait until nothing waits for the log, or patience ends: the rest is then told as a fault."""
    end = time.monotonic() + patience_s
    while ledger.log_state().waiting and time.monotonic() < end:
        time.sleep(0.1)


def faults_of_certificates(answers: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield a sentence for each answered certificate that is not there, not whole or not proven."""
    today = timezone.localdate()
    if (kept := certificates.audit()[0]) != len(answers):
        yield f"{len(answers)} certificates were answered, the register holds {kept}"
    for place, answer in enumerate(sorted(answers, key=lambda each: each["number"])):
        try:
            yield from _faults_of_one(answer, today, is_bundle_checked=place % BUNDLE_EVERY == 0)
        except PlumblineError as err:
            yield f"{answer['number']}: {err}"


def _faults_of_one(answer: dict[str, str], today: date, *, is_bundle_checked: bool) -> Iterator[str]:
    number = answer["number"]
    found = certificates.certificate_by_number(number, on=today)
    if jobs.job(UUID(answer["job"])).certificate_id != found.id:
        yield f"{number}: its job names another document"
    act = journal.act_by_request(UUID(answer["request"]))
    facts = act.data.get("facts") if act else None
    if not isinstance(facts, dict) or facts.get("certificate") != number:
        yield f"{number}: the journal has no act of its request"
    yield from _faults_of_files(found)
    signed = ledger.statement(found.statement_id)
    check_proof(ledger.proof(found.statement_id), signed.leaf, keys=[parse_vkey(ledger.log_vkey())])
    if is_bundle_checked:
        yield from _faults_of_bundle(found, today)


def _faults_of_files(found: CertificateFacts) -> Iterator[str]:
    entries = read_payload(ledger.statement(found.statement_id).payload)["files"]
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        path = files_folder() / str(entry["sha256"])[:2] / str(entry["sha256"])
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != entry["sha256"] or len(content) != entry["bytes"]:
            yield f"{found.number}: {entry['name']} is not the file of its statement"
    if not isinstance(entries, list) or len(entries) != 3:
        yield f"{found.number}: its statement does not name three files"


def _faults_of_bundle(found: CertificateFacts, today: date) -> Iterator[str]:
    seen = check_bundle(certificates.bundle(found.id, on=today), ledger.trust_root(), at=timezone.now())
    if seen["code"] != "DEMO" or not seen["anchored"]:
        yield f"{found.number}: the off-line check says {seen['code']}: {seen['steps'][-1]}"


def faults_of_log(notes: Sequence[str]) -> Iterator[str]:
    """Yield a sentence where the log has a gap, a leaf twice or one waiting, or does not continue an earlier head."""
    state, store, key = ledger.log_state(), ledger.store(), parse_vkey(ledger.log_vkey())
    if state.waiting:
        yield f"{state.waiting} statements still wait for the log"
    published = store.checkpoint()
    if published is None:
        yield "the log has no checkpoint"
        return
    head = open_checkpoint(published, [key])
    leaves = store.entries(0, head.size, size=head.size)
    if len({leaf_hash(leaf) for leaf in leaves}) != head.size:
        yield "a leaf stands in the log twice"
    if store.recompute_root(head.size) != head.root:
        yield "the root recomputed from the entries is not the signed one"
    for earlier in notes:
        yield from _inconsistency(open_checkpoint(earlier, [key]), head)


def _inconsistency(old: Checkpoint, new: Checkpoint) -> Iterator[str]:
    proof = ledger.store().consistency_proof(old.size, new.size) if old.size < new.size else []
    try:
        verify_consistency(proof, old_size=old.size, old_root=old.root, new_size=new.size, new_root=new.root)
    except PlumblineError as err:
        yield f"the log of {new.size} entries does not continue that of {old.size}: {err}"


def figures_of_files(answers: Iterable[dict[str, str]]) -> dict[str, int]:
    """Return how many files lie there, and how many of them belong to tries that were rolled back."""
    today = timezone.localdate()
    named: set[str] = set()
    for answer in answers:
        found = certificates.certificate_by_number(answer["number"], on=today)
        named |= {found.dcc_sha256, found.pdf_sha256, found.record_sha256}
    there = {path.name for path in files_folder().glob("??/*")}
    return {"files": len(there), "files of tries rolled back": len(there - named)}


def files_folder() -> Path:
    """Return where files lie under their hash: asked of the data folder, not of the room that reads them."""
    return Path(settings.PLUMBLINE_DATA) / "files"
