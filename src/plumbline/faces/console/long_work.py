"""Long work: what the worker does for the people one may see, with progress, stop and resume."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands.types import ErrandFacts
from plumbline.faces.console.shell import Place, officer, page, see_other
from plumbline.faces.kit import demo_city
from plumbline.faces.kit.long_work import steer, work_page
from plumbline.faces.kit.shapes import Crumb


@officer
def long_work(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a page of long work; a POST stops or resumes one and shows the page again."""
    if request.method == "POST":
        if "city" in request.POST:
            demo_city.ask(actor, at=timezone.now())
        else:
            steer(request, actor)
        return see_other(reverse("console:long_work"))
    context = {"list": work_page(request, actor, link_of=_link), "may_ask_city": demo_city.may_ask(actor)}
    return page(request, "long_work", context=context, place=Place("long_work", [Crumb(_("长作业"))]))


def _link(errand: ErrandFacts) -> str:
    """Return the page of an errand, where it has one of its own."""
    if errand.kind == "import.entries":
        return reverse("console:entries_import_step", args=[errand.asked["register"], errand.id])
    if errand.kind in {"import.instruments", "import.organisations", "import.calibrations", "import.answers"}:
        return reverse(f"console:{errand.kind.removeprefix('import.')}_import_step", args=[errand.id])
    if errand.kind == "import.cases":
        return reverse("procedure-import-step", args=[errand.asked["procedure"], errand.id])
    return ""
