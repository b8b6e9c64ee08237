"""Icons and shapes of states, drawn on a 16-pixel grid; each is put into the page itself, so a page needs no sprite.

Leaves words to the components: an icon never stands alone.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

#: Shapes of states: filled. Circle with tick, triangle, diamond, octagon, barred circle, dashed circle, half circle,
#: dashed square.
STATES: dict[str, str] = {
    "ok": ('<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.6 4.3-4.4 4.6-2-2-1 1.1 3 3 5.5-5.7z"/>'),
    "due": '<path fill-rule="evenodd" d="M8 1.2 15.4 14.4H.6zM7.2 6v4.2h1.6V6zm0 5.4V13h1.6v-1.6z"/>',
    "over": '<path fill-rule="evenodd" d="M8 .6 15.4 8 8 15.4.6 8zM7.2 4.2v4.6h1.6V4.2zm0 6v1.6h1.6v-1.6z"/>',
    "bad": (
        '<path fill-rule="evenodd" d="M5 1h6l4 4v6l-4 4H5l-4-4V5zm.9 3.8L4.8 5.9 6.9 8l-2.1 2.1 1.1 1.1L8 '
        '9.1l2.1 2.1 1.1-1.1L9.1 8l2.1-2.1-1.1-1.1L8 6.9z"/>'
    ),
    "rev": (
        '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.8a5.2 5.2 0 0 0-4.1 '
        '8.4l7.3-7.3A5.2 5.2 0 0 0 8 2.8Zm4.1 2.1-7.2 7.2a5.2 5.2 0 0 0 7.2-7.2Z"/>'
    ),
    "unk": (
        '<path d="M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z" fill="none" stroke="currentColor" '
        'stroke-width="1.4" stroke-dasharray="2.4 1.6"/><path d="M7.3 9.3c0-1.9 2-1.9 2-3.2C9.3 5.3 8.7 4.9 '
        '8 4.9S6.7 5.3 6.5 6.1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/>'
        '<circle cx="7.4" cy="11.3" r=".9"/>'
    ),
    "run": '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.7a5.3 5.3 0 0 0 0 10.6z"/>',
    "dft": (
        '<rect x="1.8" y="1.8" width="12.4" height="12.4" rx="1.5" fill="none" stroke="currentColor" '
        'stroke-width="1.4" stroke-dasharray="2.4 1.6"/><path d="M5 11l.5-2L10 4.5 11.5 6 7 10.5z"/>'
    ),
}

#: Line icons: stroked with the colour of the text.
LINES: dict[str, str] = {
    "back": '<path d="M10 4 6 8l4 4"/>',
    "bksp": '<path d="M5.5 3.5h8.5v9H5.5L1.5 8z"/><path d="m7.5 6 4 4M11.5 6l-4 4"/>',
    "cal": '<rect x="2.5" y="3.5" width="11" height="10"/><path d="M2.5 6.5h11M5.5 2v3M10.5 2v3"/>',
    "cam": '<path d="M2 5h3l1-1.5h4L11 5h3v8H2z"/><circle cx="8" cy="8.7" r="2.3"/>',
    "case": '<path d="M3 2.5h7l3 3v8H3z"/><path d="M10 2.5v3h3M5.5 8.5h5M5.5 11h3"/>',
    "cert": (
        '<rect x="2.5" y="2.5" width="11" height="8"/><circle cx="10.5" cy="10.5" r="2"/><path d="M9.5 '
        '12v2.5l1-.7 1 .7V12M5 5.5h5M5 8h2.5"/>'
    ),
    "chart": '<path d="M2.5 2.5v11h11"/><path d="m4.5 10 3-3.5 2.5 2 3.5-4.5"/>',
    "cols": '<rect x="2.5" y="3" width="11" height="10"/><path d="M6.2 3v10M9.8 3v10"/>',
    "die": (
        '<rect x="2.5" y="2.5" width="11" height="11" rx="1"/><path d="M5.5 5.5h.01M10.5 5.5h.01M8 8h.01M5.5 '
        '10.5h.01M10.5 10.5h.01" stroke-width="2"/>'
    ),
    "dl": '<path d="M8 2.5v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/>',
    "edit": '<path d="M3 13l.7-2.8L11 3l2 2-7.2 7.3z"/>',
    "file": '<path d="M4 2h5l3 3v9H4z"/><path d="M9 2v3h3"/>',
    "flag": '<path d="M4 14V2.5h8l-2 3 2 3H4"/>',
    "gauge": '<path d="M2.5 11.5a5.5 5.5 0 1 1 11 0"/><path d="m8 11 2.5-4"/>',
    "home": '<path d="M2.5 7.5 8 3l5.5 4.5V13h-4V9.5h-3V13h-4z"/>',
    "left": '<path d="M10 4 6 8l4 4"/>',
    "link": '<path d="M6.5 9.5 9.5 6.5M7 5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7"/>',
    "list": '<path d="M2.5 4h11M2.5 8h11M2.5 12h11"/>',
    "lock": '<rect x="3.5" y="7" width="9" height="6.5"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "mail": '<rect x="2" y="3.5" width="12" height="9"/><path d="m2.5 4 5.5 5 5.5-5"/>',
    "map": '<path d="m2 4 4-1.5 4 1.5 4-1.5v10L10 14l-4-1.5L2 14zM6 2.5v10M10 4v10"/>',
    "moon": '<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z"/>',
    "net": (
        '<circle cx="8" cy="3.5" r="1.7"/><circle cx="3.5" cy="12" r="1.7"/><circle cx="12.5" cy="12" '
        'r="1.7"/><path d="M7.3 5.2 4.2 10.3M8.7 5.2l3.1 5.1M5.2 12h5.6"/>'
    ),
    "off": (
        '<path d="M2 2l12 12M3 7.5A8 8 0 0 1 5.5 5.8M13 7.5a8 8 0 0 0-4-2.3M5 10a5 5 0 0 1 2.5-1.3M11 10a4 4 '
        '0 0 0-.8-.6"/><circle cx="8" cy="12.3" r=".8"/>'
    ),
    "people": (
        '<circle cx="6" cy="5.5" r="2.5"/><path d="M1.5 13.5c0-3 2-4.5 4.5-4.5s4.5 1.5 4.5 4.5M11 3.5a2.3 '
        '2.3 0 0 1 0 4.5M12.5 9.5c1.3.6 2 2 2 4"/>'
    ),
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "print": '<path d="M4.5 6V2.5h7V6M4.5 11h-2V6h11v5h-2"/><path d="M4.5 9h7v4.5h-7z"/>',
    "qr": '<path d="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h1.5v1.5M13.5 9.5v4h-2"/>',
    "right": '<path d="m6 4 4 4-4 4"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "sortd": '<path d="M8 3v10M4.5 9.5 8 13l3.5-3.5"/>',
    "sortu": '<path d="M8 13V3M4.5 6.5 8 3l3.5 3.5"/>',
    "std": '<path d="M8 2v12M5 14h6M3.5 5h9M3.5 5 2 9h3zM12.5 5 11 9h3z"/>',
    "sync": '<path d="M3 7a5 5 0 0 1 9-2M13 9a5 5 0 0 1-9 2"/><path d="M12.5 2.5V5H10M3.5 13.5V11H6"/>',
    "target": '<circle cx="8" cy="8" r="5.5"/><circle cx="8" cy="8" r="2.2"/>',
    "x": '<path d="m4 4 8 8M12 4l-8 8"/>',
}

MARK = (
    '<svg viewBox="0 0 20 24" aria-hidden="true"><path d="M3 2.25h14" stroke="currentColor" stroke-width="2.5"/>'
    '<path d="M10 2v8" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M10 9.5c3.2 1.6 4.8 3.3 4.8 5.6L10 23 5.2 15.1C5.2 12.8 6.8 11.1 10 9.5Z" fill="currentColor"/></svg>'
)


def icon(name: str, size: str = "") -> SafeString:
    """Return the icon as inline SVG, hidden from screen readers. size: "", "l" (20 px) or "xl" (32 px).

    Raises: KeyError for a name that is not drawn, so that a slip shows in the first test.
    """
    is_state = name in STATES
    body = STATES[name] if is_state else LINES[name]
    classes = " ".join(part for part in ("i", "fl" if is_state else "", size) if part)
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 16 16" aria-hidden="true">{body}</svg>')  # noqa: S308 our own drawings
