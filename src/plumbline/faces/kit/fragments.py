"""Renders a component alone, for the pieces a live evaluation sends back to the page."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.template import engines
from django.utils.safestring import SafeString, mark_safe


class _Template(Protocol):
    def render(self, context: dict[str, object]) -> str: ...


def render_fragment(component: str, /, **values: object) -> SafeString:
    """Return the HTML of a component of the kit (`"cellresult"`, `"verdict"`, …) with its values; its slot is empty."""
    return mark_safe(_alone(component, tuple(values)).render(values).strip())  # noqa: S308 the component escapes


@cache
def _alone(component: str, names: tuple[str, ...]) -> _Template:
    """Return a template that holds nothing but the component, each of its attributes taken from the context."""
    attributes = " ".join(f':{name}="{name}"' for name in names)
    template: _Template = engines["django"].from_string(f"{{% cotton {component} {attributes} %}}{{% endcotton %}}")
    return template
