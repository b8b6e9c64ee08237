"""What a field of a form is, in a register as in the act of a procedure: a type, names, help, bounds and choices.

Values only; `loader` proves a field, `domain.rows` reads what people write into one, the faces show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plumbline.errors import Term

ROW_TYPES = (
    "text",
    "code",
    "integer",
    "decimal",
    "date",
    "choice",
    "organisation",
    "region",
    "instrument",
    "link",
    "url",
    "yes_no",
)
"""Types a column of a register may have: each is one text, number or truth that a database can hold to its rule."""
ASKED_TYPES = (*ROW_TYPES, "long_text", "phone", "mail", "person", "file", "group", "case")
"""Types a form of an act may ask: besides those of a row a person of the house, files by their hash, groups, and the
number of another case."""
KNOWN = ("actor.name", "applicant.name_zh", "applicant.uscc", "applicant.address_zh", "applicant.phone")
"""What a form need not ask, because the platform knows it: of who fills it in, of their house."""
BY_LOAD, BY_DRAW = "load", "draw"
BY = (BY_LOAD, BY_DRAW)
"""How a person comes to be named: offered with who has least in hand first, or drawn and never asked. Else: chosen."""
MOST_CHARACTERS = 2_000
_PATTERNS = {
    "integer": r"-?[0-9]{1,15}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "organisation": r"[0-9A-HJ-NPQRTUWXY]{18}",
    "region": r"[1-9][0-9]{5}",
    "instrument": r"PL-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}-[0-9A-Z]",
    "url": r"https?://[^[:space:]<>\"]+",
}
_JSON = {"integer": "number", "yes_no": "boolean"}


@dataclass(frozen=True)
class Choice:
    """One value of a choice field."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Field:
    """One field. unit: of a number; places: digits after the point of a decimal; many: a repeated list of values.

    pattern: of a code, in the part of regular expressions that Python and PostgreSQL read alike; register: the
    register a link points into; note: what was not seen in law, said beside the field. Of a form of an act:
    choices_from: a list the rooms offer; role: of the person; by: how they come to be named (`BY`); accepts: kinds of
    content of a file; fields: of a group, which is repeated; known: what the platform knows already and does not ask;
    when: key of another field to the values of which one must be there for this one to be asked; is_personal: kept
    where it can be erased, and in no act.
    """

    key: str
    zh: str
    en: str
    type: str
    help_zh: str
    help_en: str
    is_required: bool
    is_public: bool
    is_listed: bool
    many: bool
    choices: tuple[Choice, ...]
    pattern: str
    example: str
    unit: str
    places: int
    least: Decimal | None
    most: Decimal | None
    most_characters: int
    register: str
    note_zh: str
    note_en: str
    section: str = ""
    choices_from: str = ""
    role: str = ""
    by: str = ""
    accepts: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    known: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_personal: bool = False

    @classmethod
    def long_text(cls, key: str, name: Term) -> Field:
        """Return a required field for some sentences."""
        return cls(
            key, name.zh, name.en, "long_text", help_zh="", help_en="", is_required=True, is_public=False,
            is_listed=False, many=False, choices=(), pattern="", example="", unit="", places=0, least=None, most=None,
            most_characters=MOST_CHARACTERS, register="", note_zh="", note_en="",
        )  # fmt: skip

    @property
    def name(self) -> Term:
        """Return the name in both languages."""
        return Term(self.zh, self.en)

    def choice(self, value: str) -> Choice | None:
        """Return the choice of a value, None if there is none."""
        return next((each for each in self.choices if each.value == value), None)

    @property
    def is_drawn(self) -> bool:
        """Tell whether nobody is asked, because a draw says it."""
        return self.by == BY_DRAW

    @property
    def check(self) -> dict[str, object]:
        """Return what the database is told of this field, to refuse values that break it."""
        pattern = self.pattern or _PATTERNS.get(self.type, "")
        if self.type == "decimal":
            pattern = rf"-?[0-9]{{1,15}}(\.[0-9]{{1,{self.places}}})?" if self.places else "-?[0-9]{1,15}"
        return {
            "type": self.type,
            "json": _JSON.get(self.type, "string"),
            "required": self.is_required,
            "many": self.many,
            "pattern": pattern,
            "choices": [each.value for each in self.choices],
            "least": None if self.least is None else str(self.least),
            "most": None if self.most is None else str(self.most),
            "characters": self.most_characters,
        }

    def applies(self, values: Mapping[str, object]) -> bool:
        """Tell whether the field is asked where the form holds these values."""
        return all(values.get(key) in wanted for key, wanted in self.when.items())


@dataclass(frozen=True)
class Section:
    """A part of a long form, with a heading of its own."""

    key: str
    zh: str
    en: str
