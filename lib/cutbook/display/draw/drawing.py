"""How every figure is made: its panels, the picture formats, who is new, its data as CSV."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from PIL import Image

from cutbook.display.draw.lettering import with_letters, with_room
from cutbook.display.draw.surface import UNIT, svg
from cutbook.display.look.frame import Figure
from cutbook.display.page import Page
from cutbook.display.palette import RING
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import DRAWN, NEW, new_participants
from cutbook.words import may_read_as_fault

WIDE, NARROW, SMALL, HALF = 544, 350, 212, 171
"""Widths in pixels: one panel or a row of them, the same on a phone, one of several, one of two on a phone."""

_LEAST, _GAP, _LEFT = 84, 10, 34
"""Least width of a panel in a row, what lies between panels, and their one scale."""

_LETTERS = 6.7, 5.4
"""Mean width of a letter of the heading of a panel, and of its second line."""

_MOST_MARKS = 3000
_RASTER_SCALE = 1.25
_RASTER_WIDTH = 1000
_COLOURS = 24
_LARGEST_PICTURE = 24_000
"""Bytes of a picture beside drawings: above it would make the page heavier than all that it shows."""

_FEW_NEW = 0.2
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIGURES = 6
_STYLE = Path(__file__).with_name("cutbook.mplstyle")


@dataclass(frozen=True)
class Panels:
    """The panels of a figure: those of a wide page and their stand-ins on a phone; small ones of both; those folded."""

    small: tuple[Canvas, ...] = ()
    wide: tuple[Canvas, ...] = ()
    narrow: tuple[Canvas, ...] = ()
    folded: tuple[Canvas, ...] = ()


@contextmanager
def style() -> Iterator[None]:
    """Give the project's style."""
    with mpl.rc_context(fname=_STYLE):
        yield


def panel(
    width: float, height: float, *, left: float = 40, right: float = 8, top: float = 34, bottom: float = 24
) -> Axes:
    """Return an empty panel of this size, with these margins around its axes, in pixels."""
    drawn = Canvas(figsize=(width / UNIT, height / UNIT), dpi=UNIT)
    place = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    return drawn.add_axes(place)


def row(count: int, height: float, *, top: float = 34, bottom: float = 24) -> list[Axes]:
    """Return empty panels beside each other on one drawing; the first one has the numbers of their common scale."""
    drawn = Canvas(figsize=(WIDE / UNIT, height / UNIT), dpi=UNIT)
    each = (WIDE - _LEFT - _GAP * count) / count
    places = [(_LEFT + place * (each + _GAP)) / WIDE for place in range(count)]
    made = [drawn.add_axes((at, bottom / height, each / WIDE, (height - top - bottom) / height)) for at in places]
    for axis in made[1:]:
        axis.tick_params(labelleft=False)
    return made


def side_by_side(
    headed: Mapping[str, tuple[str, str]], draw: Callable[[Axes, str], None], height: float, *, top: float = 34
) -> tuple[tuple[Canvas, ...], tuple[Canvas, ...]]:
    """Return panels beside each other in rows of one scale, and the same each by itself, two side by side on a phone.

    Parameters
    ----------
    headed : mapping
        What the panels are about, in their order, with the two lines of their headings: a row holds as many panels as
        have room for them.
    draw : callable
        Fills a panel.
    height, top : float
        Of a panel and of its heading, in pixels.
    """
    needed = [len(line) * letter for lines in headed.values() for line, letter in zip(lines, _LETTERS, strict=True)]
    widest, names = max(needed, default=0), list(headed)
    most = max(1, int((WIDE - _LEFT) // (max(_LEAST, widest) + _GAP)))
    size = -(-len(names) // -(-len(names) // most)) if names else 1
    rows = [_row_of(names[start : start + size], size, draw, height, top) for start in range(0, len(names), size)]
    width = HALF if len(names) > 1 and widest < HALF else NARROW
    return tuple(rows), tuple(_single(name, draw, width, height, top) for name in names)


def _row_of(names: Sequence[str], size: int, draw: Callable[[Axes, str], None], height: float, top: float) -> Canvas:
    made = row(size, height, top=top)
    for axis in made[len(names) :]:
        axis.remove()
    for axis, name in zip(made, names, strict=False):
        draw(axis, name)
    return canvas_of(made[0])


def _single(name: str, draw: Callable[[Axes, str], None], width: float, height: float, top: float) -> Canvas:
    axis = panel(width, height, left=_LEFT, top=top)
    draw(axis, name)
    return canvas_of(axis)


def canvas_of(axis: Axes) -> Canvas:
    """Return the drawing that a panel is on."""
    drawn = axis.figure
    if not isinstance(drawn, Canvas):
        raise TypeError("a panel within a panel")
    return drawn


def figure(
    panels: Panels, alt: str, note: str, *frames: pd.DataFrame, framed: dict[str, Any], fold: str = ""
) -> Figure:
    """Return panels in their frame, with their one footnote and the frames that they draw.

    Beyond some thousand marks the figure is a raster picture: a browser draws that faster than so many paths.
    """
    groups = (panels.small, panels.wide, panels.narrow, panels.folded)
    numbers = with_room([drawn for some in groups for drawn in some])
    parts = [[svg(drawn) for drawn in some] for some in groups]
    is_raster = sum(marks for part in (parts[0], parts[1], parts[3]) for _, marks in part) > _MOST_MARKS
    drawings, wide, narrow, folded = (tuple(text for text, _ in part if not is_raster) for part in parts)
    pictured = [*panels.wide, *panels.small]
    # The drawings are finished: what is written here in the place of letters is in the picture alone.
    said = f"{note}{with_letters(pictured, numbers)}"
    image = png(pictured)
    if len(image) > _LARGEST_PICTURE and not is_raster:
        image = b""
    return Figure(
        image=image, alt=alt, data=figure_data(*frames), drawings=drawings, wide=wide, narrow=narrow,
        folded=folded, fold=fold, **framed | {"footnotes": (said,) if said else ()},
    )  # fmt: skip


def png(drawn: Sequence[Canvas]) -> bytes:
    """Return panels beside and below each other as one PNG, on white, equal bytes for equal panels."""
    parts = [_raster(one) for one in drawn]
    places: list[tuple[int, int]] = []
    x = y = tall = 0
    for part in parts:
        if x and x + part.width > _RASTER_WIDTH * _RASTER_SCALE:
            x, y, tall = 0, y + tall, 0
        places.append((x, y))
        x, tall = x + part.width, max(tall, part.height)
    size = max(at + part.width for (at, _), part in zip(places, parts, strict=True)), y + tall
    sheet = Image.new("RGB", size, "white")
    for part, place in zip(parts, places, strict=True):
        sheet.paste(part, place, part)
    file = io.BytesIO()
    sheet.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _raster(drawn: Canvas) -> Image.Image:
    drawn.set_dpi(UNIT * _RASTER_SCALE)
    surface = FigureCanvasAgg(drawn)
    surface.draw()  # type: ignore[no-untyped-call]  # matplotlib has no types there
    pixels = np.asarray(surface.buffer_rgba())  # type: ignore[no-untyped-call]  # as above
    drawn.set_dpi(UNIT)
    return Image.fromarray(pixels)


def are_few_new(page: Page, courses: pd.DataFrame) -> bool:
    """Return whether rings tell somebody new from the others: fewer than a fifth of those drawn are new."""
    drawn = set(courses["USUBJID"])
    return bool(drawn) and len(drawn & new_participants(page.frames, page.previous.frames)) < _FEW_NEW * len(drawn)


def ring_new(axis: Axes, courses: pd.DataFrame, across: str, page: Page) -> None:
    """Draw a ring around the last point of every participant who is new since the previous cut.

    Parameters
    ----------
    axis : Axes
        Panel.
    courses : frame
        USUBJID, ``across`` and AVAL, sorted by participant and time.
    across : str
        Column of the horizontal axis.
    page : Page
        The report.
    """
    new = new_participants(page.frames, page.previous.frames)
    last = courses[courses["USUBJID"].isin(new)].groupby("USUBJID", sort=False).tail(1)
    if len(last):
        axis.plot(
            last[across], last["AVAL"], linestyle="none", marker="o", markersize=7, markerfacecolor="none",
            markeredgecolor=RING, markeredgewidth=1.2, zorder=5, clip_on=False, gid="ring",
        )  # fmt: skip


def number_drawn(cells: Cells, parameter: str, arm: str, page: Page) -> str:
    """Return how many participants of an arm (its label) a figure draws, as its results say."""
    return cells.text("n", (parameter, DRAWN, "", "", arm_codes(page.study)[arm]))


def ring_note(cells: Cells, parameter: str, page: Page) -> str:
    """Return what the rings of a figure say, with their number; nothing where there are none."""
    if page.previous.frames is None:
        return ""
    new, drawn = (cells.value("n", (parameter, name, "", "", "")) for name in (NEW, DRAWN))
    if not 0 < new < _FEW_NEW * drawn:
        return ""
    return f" A ring: a participant new since cut {page.previous.cut_id} ({new:.0f} of {drawn:.0f} shown)."


def figure_data(*frames: pd.DataFrame) -> str:
    """Return what a figure draws as CSV (RFC 4180): numbers with six significant figures, missing values empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; text stands in quotes where it needs
    them or could be taken for a value that a program failed to put into words, numbers never do.

    Parameters
    ----------
    frames : frame
        Below each other; columns that one lacks are empty there.
    """
    below = pd.concat(frames, ignore_index=True)
    lines = zip(*(_texts(below[name]) for name in below), strict=True)
    return "".join(f"{','.join(line)}\r\n" for line in (map(_quoted, below.columns), *lines))


def _texts(values: pd.Series) -> list[str]:
    if pd.api.types.is_numeric_dtype(values):
        return ["" if value != value else f"{value:.{_FIGURES}g}" for value in values.astype("float64").tolist()]
    return [_quoted(_safe(value)) for value in values.astype("str").fillna("").tolist()]


def _quoted(text: str) -> str:
    """Return a text as a field of CSV.

    Examples
    --------
    >>> _quoted("20 mg"), _quoted('10 "x", y'), _quoted("None")
    ('20 mg', '"10 ""x"", y"', '"None"')
    """
    needs_quotes = may_read_as_fault(text) or any(sign in text for sign in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> _safe("=1+1"), _safe(" @SUM"), _safe("20 mg")
    ("'=1+1", "' @SUM", '20 mg')
    """
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_DANGEROUS) else text
