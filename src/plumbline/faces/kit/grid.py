"""The measurement grid: columns of a regulation, points with runs, cells with their input names and results.

It prepares a table of inputs; it computes no result: `results` come from the evaluation, as `CellResult`.
Input names are `<point>.<run>.<column>` (`q1.2.neck_mm`), runs counted from 1, and `<point>.<column>` for what is
observed once at a point; a form without script sends the same names as the script does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.faces.kit.shapes import Words


@dataclass(frozen=True)
class Column:
    """An observed quantity. symbol: printed italic in the head; low and high: range beyond which a value asks."""

    code: str
    label: str
    unit: str = ""
    symbol: str = ""
    decimals: int | None = None
    low: str = ""
    high: str = ""
    hint: str = ""


@dataclass(frozen=True)
class CellResult:
    """What the evaluation says of a run or a point. kind: a state kind or empty; text: what is printed."""

    text: str = ""
    kind: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """One input of the grid. offered: a value carried over from the last row, dashed until accepted."""

    name: str
    value: str
    column: Column
    label: str
    error: Words = ""
    offered: str = ""

    @property
    def id(self) -> str:
        """The id of the input, for links from the summary of errors."""
        return f"c-{self.name.replace('.', '-')}"


@dataclass(frozen=True)
class Run:
    """One run of a point: its number, its cells, its result."""

    number: int
    cells: Sequence[Cell]
    result: CellResult
    key: str


@dataclass(frozen=True)
class Point:
    """One point of the regulation, with its runs and the summary below them."""

    code: str
    label: str
    sub: str
    runs: Sequence[Run]
    inputs: Sequence[Cell] = ()
    summary: Sequence[tuple[str, CellResult]] = ()
    verdict: CellResult = field(default_factory=CellResult)

    @property
    def rows(self) -> int:
        """Rows the head of the point spans."""
        return len(self.runs)


@dataclass(frozen=True)
class Grid:
    """The whole table. result_label and result_unit head the last column."""

    columns: Sequence[Column]
    points: Sequence[Point]
    result_label: str
    result_unit: str = ""
    is_readonly: bool = False

    @property
    def width(self) -> int:
        """Columns of the table without the head of the point."""
        return len(self.columns) + 2


@dataclass(frozen=True)
class PointPlan:
    """A point before anything is filled in."""

    code: str
    label: str
    sub: str = ""
    runs: int = 3


@dataclass(frozen=True)
class GridFill:
    """What fills the grid: values and errors by input name, results by `<point>.<run>` and by point."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Words] = field(default_factory=dict)
    results: Mapping[str, CellResult] = field(default_factory=dict)
    summaries: Mapping[str, Sequence[tuple[str, CellResult]]] = field(default_factory=dict)
    verdicts: Mapping[str, CellResult] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)

    def run(self, point: PointPlan, number: int, *, columns: Sequence[Column]) -> Run:
        """Fill one run of a point."""
        key = run_key(point.code, number)
        cells = [self.cell(key, column, label=f"{point.label} {number}") for column in columns]
        return Run(number=number, cells=cells, result=self.results.get(key, CellResult()), key=key.replace(".", "-"))

    def cell(self, start: str, column: Column, *, label: str) -> Cell:
        """Fill one cell; start: the key of its run or of its point."""
        name = f"{start}.{column.code}"
        return Cell(
            name=name,
            value=self.values.get(name, ""),
            column=column,
            label=f"{label} {column.label}",
            error=self.errors.get(name, ""),
            offered=self.offered.get(name, ""),
        )


def run_key(point: str, run: int) -> str:
    """Return the key of a run, which counts from 1: `q1.2`."""
    return f"{point}.{run}"


def input_name(path: str) -> str:
    """Turn the path of a field of the record (`points.q1.runs.0.neck_mm`) into the name of its input (`q1.1.neck_mm`).

    What is not a cell of the grid comes back as it is.
    """
    match path.split("."):
        case ["points", point, "runs", run, column] if run.isdigit():
            return f"{run_key(point, int(run) + 1)}.{column}"
        case ["points", point, column] if column != "runs":
            return f"{point}.{column}"
    return path


def input_id(path: str) -> str:
    """Return the id of the input of a field of the record, for links from the summary of errors."""
    name = input_name(path)
    return name if name == path else f"c-{name.replace('.', '-')}"


def grid_values(observations: Mapping[str, object]) -> dict[str, str]:
    """Flatten observations (`{"points": [{"code", "runs": [{column: text}]}]}`) into input names and texts."""
    values: dict[str, str] = {}
    points = observations.get("points", [])
    for point in points if isinstance(points, list) else []:
        code = point["code"]
        values |= {f"{code}.{name}": str(text) for name, text in point.items() if name not in {"code", "runs"}}
        for number, run in enumerate(point.get("runs", []), start=1):
            values |= {f"{run_key(code, number)}.{column}": str(text) for column, text in run.items()}
    return values


def posted_points(
    posted: Mapping[str, str],
    columns: Sequence[Column],
    *,
    plan: Sequence[PointPlan],
    point_columns: Sequence[Column] = (),
) -> list[dict[str, object]]:
    """Turn posted inputs back into the `points` of observations; empty cells stay as empty text."""

    def row(start: str, asked: Sequence[Column]) -> dict[str, object]:
        return {column.code: posted.get(f"{start}.{column.code}", "").strip() for column in asked}

    return [
        {
            "code": point.code,
            **row(point.code, point_columns),
            "runs": [row(run_key(point.code, run), columns) for run in range(1, point.runs + 1)],
        }
        for point in plan
    ]


def build_grid(
    columns: Sequence[Column],
    plan: Sequence[PointPlan],
    *,
    fill: GridFill,
    head: tuple[str, str],
    point_columns: Sequence[Column] = (),
) -> Grid:
    """Lay the grid out. head: label and unit of the result column; point_columns: observed once at each point."""
    points = [
        Point(
            code=point.code,
            label=point.label,
            sub=point.sub,
            runs=[fill.run(point, number, columns=columns) for number in range(1, point.runs + 1)],
            inputs=[fill.cell(point.code, one, label=point.label) for one in point_columns],
            summary=fill.summaries.get(point.code, ()),
            verdict=fill.verdicts.get(point.code, CellResult()),
        )
        for point in plan
    ]
    return Grid(columns=columns, points=points, result_label=head[0], result_unit=head[1])
