"""What a register file says: fields with types, states and acts, who reads and edits, what is public, and why it is so.

Values only; `loader` proves a file, `domain.registers` holds rows to it, the faces show what it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from plumbline.errors import InputError, Term, say
from plumbline.rulebook.forms import Field
from plumbline.rulebook.provenance import Provenance

NAMING_TYPES = frozenset({"text", "code", "choice", "integer", "date", "organisation", "region"})
"""Types whose values may name an entry."""
STATE_KINDS = ("ok", "due", "over", "bad", "rev", "unk")
"""How a state looks: the kinds of the interface's state mark."""
OWN_COLUMNS = ("state", "valid_from", "valid_to")
"""Columns every register has of itself; no field may take their names."""


@dataclass(frozen=True)
class State:
    """One state. kind: how it looks; counts: an entry in it counts for targets."""

    name: str
    zh: str
    en: str
    kind: str
    counts: bool


@dataclass(frozen=True)
class Act:
    """An act that moves an entry between states, from a day on."""

    name: str
    zh: str
    en: str
    from_states: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    needs_reason: bool


@dataclass(frozen=True)
class Basis:
    """Why the register has these fields: the sentence seen, in which document, and how sure we are."""

    sentence_zh: str
    sentence_en: str
    document_zh: str
    document_en: str
    provenance: Provenance


@dataclass(frozen=True)
class Register:
    """One register, as one file says it.

    title: the field an entry is called by; unique: fields that together name an entry; owner: the organisation field
    whose organisation owns the row, "" if none does; region: the field of the area it lies in.
    """

    id: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    place: int
    title: str
    unique: tuple[str, ...]
    owner: str
    region: str
    is_public: bool
    read: tuple[str, ...]
    edit: tuple[str, ...]
    fields: Mapping[str, Field]
    opens_in: tuple[str, ...]
    states: Mapping[str, State]
    acts: Mapping[str, Act]
    basis: Basis

    @property
    def name(self) -> Term:
        """Return the name in both languages."""
        return Term(self.zh, self.en)

    @property
    def public_fields(self) -> tuple[Field, ...]:
        """Return the fields that everybody may read; none where the register is not public."""
        return tuple(field for field in self.fields.values() if self.is_public and field.is_public)

    @property
    def listed_fields(self) -> tuple[Field, ...]:
        """Return the fields that a list shows, the title first."""
        rest = (field for field in self.fields.values() if field.is_listed and field.key != self.title)
        return (self.fields[self.title], *rest)

    @property
    def counted_states(self) -> tuple[str, ...]:
        """Return the states whose entries count for targets."""
        return tuple(state.name for state in self.states.values() if state.counts)

    def key_of(self, values: Mapping[str, object]) -> str:
        """Return what names an entry: the values of the fields that are unique together."""
        return " / ".join(str(values.get(name, "")) for name in self.unique)

    def acts_from(self, state: str) -> tuple[Act, ...]:
        """Return the acts possible in a state."""
        return tuple(act for act in self.acts.values() if state in act.from_states)

    def act(self, name: str) -> Act:
        """Return one act. Raises: InputError when the register has none of that name."""
        if name not in self.acts:
            raise InputError(
                say("名册“{register}”没有行为“{act}”", register=self.name, act=name),
                remedy=say("写成其中之一：{allowed}", allowed="、".join(self.acts)),
                field="act",
            )
        return self.acts[name]

    @property
    def content(self) -> dict[str, object]:
        """Return what the database mirrors: enough to refuse a row that breaks the definition."""
        return {
            "fields": {key: field.check for key, field in self.fields.items()},
            "states": list(self.states),
            "title": self.title,
            "unique": list(self.unique),
            "region": self.region,
            "is_public": self.is_public,
            "public": [field.key for field in self.public_fields],
        }

    @property
    def digest(self) -> str:
        """Return the hash of `content`: another digest is another edition of the definition."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
