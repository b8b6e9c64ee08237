"""The words a procedure may say of an act: guards before it, effects after it, each with what it must be told.

A closed list with arguments, never expressions: a clerk can read a fault in one, and what a procedure can do is known.
Each word has one function in `domain.procedures`; a test holds the two lists equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from plumbline.errors import say
from plumbline.rulebook import registers
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures.acts import Word
from plumbline.rulebook.reading import Table, known

ACTS, ACT, FIELD, KIND, WHOLE, PARTY, TEXT, TEXTS, REGISTER, STATE, VALUES, AMOUNT, PROCEDURE, FORM, DOCUMENT = (
    "acts", "act", "field", "kind", "whole", "party", "text", "texts", "register", "state", "values", "amount",
    "procedure", "form", "document",
)  # fmt: skip
DAY_KINDS = ("working", "calendar")
CLOCK_KINDS = (*DAY_KINDS, "months")
PARTIES = ("applicant", "body")

GUARDS: Mapping[str, Mapping[str, str]] = {
    "other_person": {"than": ACTS},
    "other_house": {},
    "once": {},
    "within": {"days": WHOLE, "kind": KIND, "after": ACT},
    "not_before": {"days": WHOLE, "kind": KIND, "after": ACT},
    "at_least": {"field": FIELD, "amount": AMOUNT},
    "at_most": {"field": FIELD, "amount": AMOUNT},
    "day_to_come": {"field": FIELD},
    "answered": {"field": FIELD, "values": TEXTS},
    "sub_cases_ended": {},
    "about_ended": {},
    "took_no_part": {},
    "deciding_house": {},
}
"""What must hold: done by another person than some acts, by another house than the applicant's, not done before, within
so many days after an act, not before so many have passed, a number or a group large or small enough, a day that is
still to come, a field answered so, every sub-case ended, the case that this one is about ended, by a person who did
nothing on it, by the very house the case was given to."""
EFFECTS: Mapping[str, Mapping[str, str]] = {
    "tell": {"who": PARTY, "zh": TEXT, "en": TEXT},
    "enter": {"register": REGISTER, "state": STATE, "values": VALUES},
    "mark_entry": {"register": REGISTER, "act": TEXT},
    "hand_over": {"to": FIELD},
    "open_case": {"procedure": PROCEDURE, "owner": PARTY, "values": FORM},
    "issue": {"document": DOCUMENT},
    "revoke_document": {"document": DOCUMENT},
    "suspend_document": {"document": DOCUMENT},
    "restore_document": {"document": DOCUMENT},
}
"""What follows: somebody is told, the case's entry is written into a register, an act of the register is done on it,
the case is given to another house to decide, a case of another procedure is opened that belongs to this one, a document
is issued, and what was issued is revoked, suspended, or holds again."""


@dataclass(frozen=True)
class Around:
    """What a word may speak of: the acts of the procedure, its fields, and its documents."""

    acts: Collection[str]
    fields: Mapping[str, Field]
    documents: Collection[str] = ()


def read_words(rows: list[Table], words: Mapping[str, Mapping[str, str]]) -> tuple[Word, ...]:
    """Take some words with what they are about, proven as far as one row goes. Raises: InputError."""
    found = []
    for row in rows:
        name = row.choice("word", tuple(words))
        found.append(Word(name, {key: _READ[kind](row, key) for key, kind in words[name].items()}))
        row.finish()
    return tuple(found)


def prove_words(words: tuple[Word, ...], table: Table, *, key: str, around: Around) -> None:
    """Pass if what some words are about is there in the procedure. Raises: InputError naming the key."""
    kinds = {**GUARDS, **EFFECTS}
    for word in words:
        for name, kind in kinds[word.name].items():
            said = word.about[name]
            if kind in {ACT, ACTS}:
                asked = said if isinstance(said, tuple) else (str(said),)
                known(asked, is_known=around.acts.__contains__, table=table, name=key)
            if kind == FIELD:
                known((str(said),), is_known=around.fields.__contains__, table=table, name=key)
            if kind == DOCUMENT:
                known((str(said),), is_known=around.documents.__contains__, table=table, name=key)
            if kind == VALUES and isinstance(said, Mapping):
                _prove_values(word, said, table=table, key=key, around=around)
            if kind == FORM and isinstance(said, Mapping):
                _prove_sources(said, table=table, key=key, around=around)


def _prove_values(word: Word, said: Mapping[str, str], *, table: Table, key: str, around: Around) -> None:
    """Pass if an entry can be written: its register has the columns, the form has what they take, none is missing."""
    register = registers.all_registers()[str(word.about["register"])]
    known(tuple(said), is_known=register.fields.__contains__, table=table, name=key)
    _prove_sources(said, table=table, key=key, around=around)
    missing = [each.key for each in register.fields.values() if each.is_required and each.key not in said]
    if missing:
        what = say(
            "名册“{register}”必填的“{missing}”没有写从哪里来", register=register.name, missing="、".join(missing)
        )
        raise table.fault(what, key, remedy=say("在 values 里写上：列 = 表单的字段，或 = 加固定的值"))
    state = str(word.about["state"])
    known((state,), is_known=register.states.__contains__, table=table, name=key)


def _prove_sources(said: Mapping[str, str], *, table: Table, key: str, around: Around) -> None:
    """Pass if each value comes from somewhere: a field of a form, what a case knows, or fixed in the file."""
    spoken = tuple(value for value in said.values() if not value.startswith("="))
    known(spoken, is_known=lambda name: name in around.fields or name in OWN_VALUES, table=table, name=key)


OWN_VALUES = (
    "case.number",
    "case.day",
    "applicant.uscc",
    "applicant.name",
    "applicant.region",
    "body.uscc",
    "body.name",
)
"""What a case knows besides its forms: its number, the day of the act, who applied, who decides."""


def _whole(row: Table, key: str) -> object:
    return row.positive(key)


def _register(row: Table, key: str) -> object:
    return known((row.text(key),), is_known=registers.all_registers().__contains__, table=row, name=key)[0]


def _values(row: Table, key: str) -> object:
    inner = row.table(key)
    return {name: inner.text(name) for name in inner.names()}


_READ: Mapping[str, Callable[[Table, str], object]] = {
    ACTS: lambda row, key: row.some_texts(key),
    ACT: lambda row, key: row.text(key),
    FIELD: lambda row, key: row.text(key),
    KIND: lambda row, key: row.choice(key, DAY_KINDS),
    WHOLE: _whole,
    PARTY: lambda row, key: row.choice(key, PARTIES),
    TEXT: lambda row, key: row.text(key),
    DOCUMENT: lambda row, key: row.text(key),
    REGISTER: _register,
    STATE: lambda row, key: row.text(key),
    VALUES: _values,
    FORM: _values,
    TEXTS: lambda row, key: row.some_texts(key),
    PROCEDURE: lambda row, key: row.text(key),
    AMOUNT: lambda row, key: str(row.decimal(key)),
}
