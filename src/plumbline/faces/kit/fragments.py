"""Renders a component alone, for the pieces a live evaluation sends back to the page."""

from __future__ import annotations

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe


def render_fragment(component: str, /, **values: object) -> SafeString:
    """Return the HTML of a component of the kit (`"cellresult"`, `"verdict"`, …) with its values; its slot is empty."""
    template = get_template(f"cotton/{component.replace('.', '/')}.html")
    return mark_safe(template.render({"slot": "", "attrs": "", **values}).strip())  # noqa: S308 the template escapes
