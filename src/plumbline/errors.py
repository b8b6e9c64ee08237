"""The one family of errors: what is wrong, where, what to do.

Every message is a whole Chinese sentence used as translation key (the source language of the interface),
with its parameters beside it, so that a face can show it in the reader's language. `say` makes one.
Raised where the fault is known, caught where someone can act on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Term:
    """A name from the rulebook in both languages; as a parameter of a sentence it is shown in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True)
class Text:
    """A translatable sentence: `template` is the Chinese key in `str.format` syntax, `params` its values or terms."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


def say(template: str, /, **params: object) -> Text:
    """Return a translatable sentence. `template` must be a literal, so that it can be collected."""
    return Text(template, params)


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: regulation number, edition and clause. An unseen clause is None and shown as unknown."""

    regulation: str
    edition: str
    clause: str | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.regulation, self.edition, self.clause) if part)


class PlumblineError(Exception):
    """Base of the family. `field` names the input the message belongs beside, when there is one."""

    def __init__(
        self,
        what: Text,
        *,
        where: Text | None = None,
        remedy: Text | None = None,
        field: str | None = None,
        clause: Citation | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        self.field = field
        self.clause = clause
        super().__init__(what, where, remedy, field, clause)

    @property
    def faults(self) -> Sequence[PlumblineError]:
        """The single faults it tells: itself, or those it holds."""
        return (self,)

    def __str__(self) -> str:
        parts = [str(self.what)]
        parts += [str(part) for part in (self.where, self.remedy) if part is not None]
        parts += [f"({self.clause})"] if self.clause is not None else []
        return " | ".join(parts)


class InputError(PlumblineError):
    """The caller can fix the input. Shown as 422, beside the field."""


class InputErrors(InputError):  # noqa: N818  # several of them
    """Several faults of one input, all told at once. `errors` is never empty."""

    def __init__(self, errors: list[InputError]) -> None:
        first = errors[0]
        super().__init__(first.what, where=first.where, remedy=first.remedy, field=first.field)
        self.errors = errors

    @property
    def faults(self) -> Sequence[InputError]:
        """The single faults, in the order they were found."""
        return self.errors


class RuleError(PlumblineError):
    """A regulation or method forbids it; names the clause where it is known. Shown as 409."""


class StateError(PlumblineError):
    """Not possible in this state; says which state would do. Shown as 409."""


class AccessError(PlumblineError):
    """Not this person, role or area. Shown as 403; as 404 by its kind `Hidden`."""


class Hidden(AccessError):  # noqa: N818  # said as the reader is told it
    """It does not exist, or its existence is not theirs to know: one answer for both. Shown as 404."""


class Unconfirmed(AccessError):  # noqa: N818  # said as the reader is told it
    """Theirs to do, but they have not shown lately enough that it is they. Shown as 403 with the way to show it."""


class ProofError(PlumblineError):
    """The bytes do not prove what they claim. Shown as "do not rely on this"."""


class OutsideError(PlumblineError):
    """Another system failed; `may_retry` says whether to try again. Shown as 503."""

    def __init__(self, what: Text, *, where: Text | None = None, remedy: Text | None = None, may_retry: bool) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.may_retry = may_retry
