"""Letters with a secret link: sealed until they are sent, since whoever opens the link may do what it offers.

Address and words are sealed with it, so that nothing of the letter is left once it is sent, given up or dropped.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from plumbline.domain.notices import rules
from plumbline.domain.notices.models import Letter
from plumbline.domain.notices.types import SecretLetter
from plumbline.domain.rows import sealing
from plumbline.errors import OutsideError, StateError, Text


def write(organisation_id: UUID, kind: str, *, letter: SecretLetter, at: datetime) -> UUID:
    """Put a letter into the outbox, in the transaction of the act it tells of; returns its id."""
    said = {
        "address": letter.address, "language": letter.language, "title": rules.kept(letter.title),
        "text": rules.kept(letter.text), "path": letter.path,
    }  # fmt: skip
    sealed = sealing.seal(json.dumps(said, ensure_ascii=False).encode())
    row = Letter(organisation_id=organisation_id, kind=kind, sealed=sealed, made_at=at, due_at=at)
    row.save(force_insert=True)
    return row.id


def drop(letter_id: UUID, *, at: datetime) -> None:
    """Take a letter back that waits still; one that has ended is left as it is."""
    rows = Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING)
    rows.update(state=Letter.State.DROPPED, ended_at=at, sealed=None)


def opened(row: Letter) -> SecretLetter | None:
    """Return what a letter says, None where it was wiped. Raises: OutsideError if the key is another one now."""
    if row.sealed is None:
        return None
    try:
        said = json.loads(sealing.opened(bytes(row.sealed)))
    except StateError as err:
        raise OutsideError(err.what, remedy=err.remedy, may_retry=False) from err
    title, text = (_text(said[name]) for name in ("title", "text"))
    return SecretLetter(str(said["address"]), str(said["language"]), title, text, str(said["path"]))


def _text(kept: object) -> Text:
    found = rules.told(kept)
    assert isinstance(found, Text)  # noqa: S101  # as it was written
    return found
