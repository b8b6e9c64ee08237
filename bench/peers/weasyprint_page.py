"""The peer of bench/pdf.py: sets the same certificate with WeasyPrint, from HTML, once for each line it reads.

A line that says `plain` leaves the woven frame out. Runs in an environment of its own and knows nothing of the product
but the data it is given: PARTS.json FONTS.
"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any  # the page's data is JSON
from urllib.parse import quote

import weasyprint  # type: ignore[import-not-found]  # only in the peer's own environment
from bench.peers.answering import answer, seconds

FACES = (
    ("Serif", "NotoSerifSC_400Regular.ttf", 400),
    ("Serif", "NotoSerifSC_700Bold.ttf", 700),
    ("Sans", "NotoSans_400Regular.ttf", 400),
    ("Sans", "NotoSans_700Bold.ttf", 700),
)
LOOK = """
@page { size: A4; margin: 30mm 22mm 19mm;
  @top-center { font-size: 9pt; content: string(number) "  第 " counter(page) " 页 共 " counter(pages) " 页  Page "
    counter(page) " of " counter(pages) } }
body { font: 10pt Serif, Sans; color: #132022; margin: 0 }
p { margin: 1.2mm 0 }
small { font-size: .76em; color: #596869 }
.frame { position: fixed; top: -30mm; left: -22mm; width: 210mm; height: 297mm }
.code { width: 25mm; height: 25mm }
.stamp { border: .35mm dashed #738486; float: right; padding: 1.6mm 3mm }
.across { position: fixed; top: 80mm; left: 10mm; font-size: 92pt; font-weight: 700; color: rgb(68 83 85 / .1);
  transform: rotate(-52deg) }
h1 { text-align: center; margin: 8mm 0 2mm; font-size: 36pt; letter-spacing: .42em; color: #0A3A45 }
.number { string-set: number content() }
h2 { font-size: 12pt; color: #0A3A45; margin: 5mm 0 2mm }
h2 small { font-size: 9.5pt; font-weight: 400 }
table { border-collapse: collapse; width: 100%; font-size: 8.8pt }
td, th { padding: .9mm 1mm; border-bottom: .18mm solid #BCC8C9; text-align: left }
th { border-top: .3mm solid #0B525B; border-bottom: .3mm solid #0B525B; font-size: 8pt }
.cover td { padding: 1.4mm 1mm; font-weight: 700; font-size: 11pt }
.cover td:first-child { width: 46mm; font-weight: 400 }
.conclusion { font-size: 24pt; font-weight: 700; margin: 2mm 0 }
.second { page-break-before: always }
.banner { border-left: .8mm solid #B06C00; padding-left: 3mm; color: #855000 }
li, .end, .banner { margin: 1mm 0; font-size: 8.8pt }
.end { text-align: center; color: #445355 }
"""


def main(arguments: list[str]) -> None:
    """Warm up, say what we are, then set one certificate for each line."""
    parts, fonts = json.loads(Path(arguments[0]).read_text()), Path(arguments[1]).absolute()
    setter = Setter(fonts, parts["frame"])
    size = len(setter.set(parts))
    about = f"WeasyPrint {weasyprint.__version__}, HTML of the same content, {size / 1000:.0f} kB, {setter.pages} pages"
    answer(about, lambda line: seconds(lambda: setter.set(parts, is_framed=line != "plain")))


class Setter:
    """WeasyPrint with its fonts and its style kept between documents."""

    def __init__(self, fonts: Path, frame: str) -> None:
        faces = "".join(
            f'@font-face {{ font-family: {family}; font-weight: {weight}; src: url("{(fonts / name).as_uri()}") }}\n'
            for family, name, weight in FACES
        )
        self._frame = f'<img class="frame" src="data:image/svg+xml,{quote(frame)}">'
        self._fonts = weasyprint.text.fonts.FontConfiguration()
        self._style = weasyprint.CSS(string=faces + LOOK, font_config=self._fonts)
        self.pages = self._count = 0

    def set(self, parts: dict[str, Any], *, is_framed: bool = True) -> bytes:
        """Return the PDF/A-3b of the parts under a number that was not set before, with the DCC attached."""
        self._count += 1
        view = {**parts["view"], "number": f"PLDEMO-J-2025-{self._count:06d}-K"}
        page = weasyprint.HTML(string=page_of(view, parts["qr"], self._frame if is_framed else ""))
        document = page.render(stylesheets=[self._style], font_config=self._fonts)
        self.pages = len(document.pages)
        attached = weasyprint.Attachment(string=parts["dcc"], name="dcc.xml", relationship="Source")
        document.metadata.attachments = [attached]
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3b")
        return pdf


def page_of(view: dict[str, Any], qr: str, frame: str) -> str:
    """Return the HTML of both pages."""
    return (
        f'<!doctype html><html lang="zh"><title>{escape(view["title"])}</title><body>'
        f"{frame}{first_page(view, qr)}{second_page(view)}</body></html>"
    )


def first_page(view: dict[str, Any], qr: str) -> str:
    """Return the cover: who, what, the conclusion, who signed, the code."""
    cover = "".join(f"<tr><td>{both(row['label'])}<td>{both(row['value'])}" for row in view["cover"])
    acts = "".join(
        f"<tr><td>{both(act['label'])}<td><b>{escape(act['name']['zh'])}</b><td>{escape(act['office'])} {act['at']}"
        for act in view["acts"]
    )
    days = "".join(f"<tr><td>{both(day['label'])}<td><b>{day['value']}</b>" for day in view["dates"])
    contact = "".join(f"<tr><td>{both(row['label'])}<td>{escape(row['value'])}" for row in view["contact"])
    demo = '<p class="stamp">演示 DEMO</p><p class="across">演示 DEMO</p>' if view["demo"] else ""
    return (
        f"{demo}<p><b>{both(view['institution'])}</b></p>"
        f"<h1>{view['heading']['zh']}</h1><p>{view['heading']['en']}</p>"
        f'<p>{both(view["number_label"])} <b class="number">{view["number"]}</b></p>'
        f'<table class="cover">{cover}</table>'
        f'<p class="conclusion">{both(view["conclusion"])}</p><table>{acts}</table><table>{days}</table>'
        f'<img class="code" src="data:image/svg+xml,{quote(qr)}"><p>{" ".join(view["code_lines"])}</p>'
        f"<table>{contact}</table><p>{both(view['foot'])}</p>"
    )


def second_page(view: dict[str, Any]) -> str:
    """Return the results with all they stand on."""
    facts = "".join(f"<tr><td>{both(row['label'])}<td><b>{escape(row['value'])}</b>" for row in view["facts"])
    names = ("number", "range", "accuracy", "certificate", "valid_until")
    standards = "".join(
        f"<tr><td>{both(each['name'])}" + "".join(f"<td>{escape(each[name])}" for name in names)
        for each in view["standards"]
    )
    checks = "".join(
        "<tr>" + "".join(f"<td>{both(cell['name'])}<td>{both(cell['word'])}" for cell in pair if cell)
        for pair in view["checks"]
    )
    notes = "".join(f"<li>{both(text)}" for text in view["statements"])
    banners = "".join(f'<p class="banner">{both(text)}</p>' for text in view["banners"])
    return (
        f'<table class="second">{facts}</table><h2>所用计量标准 <small>Measurement standards used</small></h2>'
        "<table><tr><th>名称<th>编号<th>测量范围<th>不确定度<th>证书编号<th>有效期至"
        f"{standards}</table><h2>检定结果 <small>Results</small></h2>{results(view)}<p>{both(view['limits'])}</p>"
        f'<img src="data:image/svg+xml,{quote(chart(view["chart"]))}"><h2>外观与防作弊检查 <small>Checks</small></h2>'
        f'<table>{checks}</table><ol>{notes}</ol>{banners}<p class="end">（以下空白 End of document）</p>'
    )


def results(view: dict[str, Any]) -> str:
    """Return the table of runs with what was derived from them."""
    head = "".join(f"<th>{both(column['name'])} {escape(column['unit'])}" for column in view["columns"])
    derived = "".join(f"<th>{both(name)}" for name in view["derived"])
    rows = ""
    for point in view["points"]:
        for place, run in enumerate(point["runs"]):
            span = f'<td rowspan="{len(point["runs"])}"><b>'
            whole = [point["error"], point["repeatability"], point["U"], both(point["word"])]
            rows += "<tr>" + (f"{span}{both(point['name'])}</b>" if place == 0 else "")
            rows += "".join(f"<td>{value}" for value in run)
            rows += "".join(f"{span}{value}</b>" for value in whole) if place == 0 else ""
    return f"<table><tr><th>测量点{head}{derived}<th>U k = {view['k']}<th>结论{rows}</table>"


def chart(data: dict[str, Any]) -> str:
    """Return the chart of results between their limits."""
    parts = ""
    for place, row in enumerate(data["rows"]):
        y = 28 * place
        if row["limits"]:
            low, high = (300 * at for at in row["limits"])
            parts += f'<rect x="{low}" y="{y}" width="{high - low}" height="26" fill="#E9F1F0"/>'
        parts += f'<path d="M{300 * row["low"]} {y + 13}H{300 * row["high"]}" stroke="#0B525B" stroke-width="1.2"/>'
        parts += f'<circle cx="{300 * row["value"]}" cy="{y + 13}" r="3.4" fill="#0B525B"/>'
    height = 28 * len(data["rows"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="{height}">{parts}</svg>'


def both(text: dict[str, str]) -> str:
    """Return a text in both languages."""
    return f"{escape(text['zh'])} <small>{escape(text['en'])}</small>" if text["en"] else escape(text["zh"])


if __name__ == "__main__":
    main(sys.argv[1:])
