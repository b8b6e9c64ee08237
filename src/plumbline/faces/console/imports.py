"""Bring files in from the console: entries of a simple register, instruments, organisations, outside calibrations.

What each kind asks besides the file is here; the steps, the same for all, are `kit.importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.partners import queries as exchanged
from plumbline.errors import PlumblineError
from plumbline.faces.console.entry_list import place as place_of_register
from plumbline.faces.console.shell import Place, faults_of, is_shown_in_page, officer, page, require_right, see_other
from plumbline.faces.kit import formats, import_kinds, importing
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.import_files import bad_rows_file, report_file, template_file
from plumbline.faces.kit.import_kinds import ImportKind
from plumbline.faces.kit.importing import Importing
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.rulebook import catalogue
from plumbline.rulebook import registers as rulebook

Posted = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One thing a kind asks besides the file. kind: text, day or choice."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    options: Sequence[Option] = ()
    error: object = ""


@dataclass(frozen=True)
class Kind:
    """A kind of import as its pages show it: what it is called, and what it asks besides the file.

    what: what the kit knows of it, whichever face brings it in.
    """

    what: ImportKind
    title: str
    importing: Importing
    place: Callable[[Crumb], Place]
    fields: Callable[[Posted], Sequence[Field]]
    template_url: str = field(default="")


@officer
def bring_in(request: HttpRequest, actor: Actor, *, name: str, register_id: str = "") -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to how it goes."""
    kind = _kind(actor, name, register_id=register_id)
    if request.method != "POST":
        return _form(request, kind)
    try:
        terms = kind.what.terms(actor, request.POST.dict())
        return see_other(importing.begin(request, actor, importing=kind.importing, terms=terms))
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return _form(request, kind, error=error)


@officer
def step(request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = "") -> HttpResponse:
    """Show how an import goes; a POST says which column is which, takes in, stops or resumes."""
    kind = _kind(actor, name, register_id=register_id)
    errand = importing.errand_of(actor, errand_id, importing=kind.importing)
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            importing.act(request, actor, importing=kind.importing, errand=errand)
            return see_other(kind.importing.step_url(errand_id))
        except PlumblineError as err:
            if not is_shown_in_page(err):
                raise
            error = err
    context = {"step": importing.step(actor, errand, importing=kind.importing, error=error)}
    status = status_of(error) if error else 200
    return page(request, "import_step", context=context, place=kind.place(Crumb(_("导入"))), status=status)


@require_safe
@officer
def bad_rows(
    _request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = ""
) -> HttpResponseBase:
    """Return the refused rows as a workbook, the reason beside each cell; mended, it may be imported again."""
    kind = _kind(actor, name, register_id=register_id)
    return bad_rows_file(importing.errand_of(actor, errand_id, importing=kind.importing), kind.importing.known)


@require_safe
@officer
def report(
    _request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = ""
) -> HttpResponseBase:
    """Return every finding, row by row, as CSV."""
    kind = _kind(actor, name, register_id=register_id)
    return report_file(importing.errand_of(actor, errand_id, importing=kind.importing), kind.importing.known)


@require_safe
@officer
def template(_request: HttpRequest, actor: Actor, *, name: str) -> HttpResponseBase:
    """Return the empty workbook to fill in."""
    return template_file(_kind(actor, name).importing.known.template)


def _form(request: HttpRequest, kind: Kind, *, error: PlumblineError | None = None) -> HttpResponse:
    errors = errors_by_field(error)
    asked = kind.fields(request.POST.dict())
    context = {
        "over": kind.title,
        "fields": [Field(**{**each.__dict__, "error": errors.get(each.name, "")}) for each in asked],
        "columns": kind.importing.known.template.columns,
        "template_url": kind.template_url,
        "faults": faults_of(error) if error else [],
        "errors": errors,
        **importing.limits(),
    }
    status = status_of(error) if error else 200
    return page(request, "import", context=context, place=kind.place(Crumb(_("导入"))), status=status)


# ---------------------------------------------------------------- the kinds


def _kind(actor: Actor, name: str, *, register_id: str = "") -> Kind:
    """Return a kind of import. Raises: AccessError where the role brings none of it in; InputError for no register."""
    kind = _entries(register_id) if name == "entries" else _plain(name)
    require_right(actor, kind.what.right)
    return kind


def _importing(what: ImportKind, *, done_url: str, register_id: str = "") -> Importing:
    of_register = [register_id] if register_id else []

    def url(view: str, key: UUID) -> str:
        return reverse(f"console:{what.name}_import_{view}", args=[*of_register, key])

    form_url = reverse(f"console:{what.name}_import", args=of_register)
    addresses = [partial(url, view) for view in ("step", "bad", "report")]
    return Importing(what.errand, what.known, form_url, done_url, *addresses)


def _entries(register_id: str) -> Kind:
    what = import_kinds.entries(register_id)
    register = rulebook.by_id(register_id)
    done_url = reverse("console:entries", args=[register.id])

    def fields(posted: Posted) -> Sequence[Field]:
        since = posted.get("since") or formats.day(timezone.localdate())
        return [Field("since", _("没写起始日期的行，从哪一天起"), "day", since)]

    return Kind(
        what, named(register), _importing(what, done_url=done_url, register_id=register.id),
        lambda crumb: place_of_register(register, crumb), fields,
        reverse("console:entries_template", args=[register.id]),
    )  # fmt: skip


def _owner_field(posted: Posted) -> Field:
    return Field("owner", _("使用单位的统一社会信用代码"), value=posted.get("owner", ""))


def _instruments(posted: Posted) -> Sequence[Field]:
    category = posted.get("category", "")
    options = [
        Option("", _("文件里每行都写了类别")),
        *(Option(code, f"{code} {named(each)}", is_selected=code == category)
          for code, each in catalogue.categories().items()),
    ]  # fmt: skip
    hint = _("空着就登记在单位所在的地区，不记地点。")
    return [
        _owner_field(posted),
        Field("site", _("使用地点的名称"), value=posted.get("site", ""), hint=hint),
        Field("category", _("没写类别的行，算作"), "choice", category, options=options),
    ]


def _organisations(posted: Posted) -> Sequence[Field]:
    return [Field("region", _("以哪个地区的名义登记（六位代码）"), value=posted.get("region", ""))]


def _answers(posted: Posted) -> Sequence[Field]:
    options = [
        Option(each.id, named(each), is_selected=each.id == posted.get("partner")) for each in exchanged.partners()
    ]
    return [Field("partner", _("对接系统"), "choice", posted.get("partner", ""), options=options)]


def _plain(name: str) -> Kind:
    asked: Mapping[str, tuple[str, Callable[[Posted], Sequence[Field]]]] = {
        "instruments": (_("计量器具"), _instruments),
        "organisations": (_("单位名录"), _organisations),
        "calibrations": (_("外部校准记录"), lambda posted: [_owner_field(posted)]),
        "answers": (_("对接系统的答复"), _answers),
    }
    (title, fields), what = asked[name], import_kinds.kind(name)
    line = {"organisations": "organisations", "answers": "partners"}.get(name, "instruments")
    done_url = reverse(f"console:{line}")

    def place(crumb: Crumb) -> Place:
        return Place(line, [Crumb(title, done_url), crumb])

    template_url = reverse(f"console:{name}_import_template")
    return Kind(what, title, _importing(what, done_url=done_url), place, fields, template_url)
