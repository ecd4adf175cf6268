"""How every figure is drawn: colours and markers of the arms, the style sheet, the picture formats, its data as CSV."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure as Canvas
from PIL import Image

from cutbook.catalogue.kinds.display import Display
from cutbook.display.look.frame import Figure
from cutbook.display.page import Page
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import DRAWN, NEW, new_participants

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
GREY = "#5f6b76"
_DOTS_PER_INCH = 100
_RING = "#c2185b"
_LIGHTEST, _DARKEST = 0.6, 0.0
"""Ends of the ramp of doses in the colour map viridis: what is lighter does not stand out from white paper."""

_STRENGTHS = (1, 0.7, 0.45, 0.2)
_GREYS = (0, 51, 102, 153, 204, 230, 255)
_MOST_COLOURS = 256
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIGURES = 6
_STYLE = Path(__file__).with_name("cutbook.mplstyle")


def arm_styles(page: Page) -> dict[str, tuple[str, str]]:
    """Return colour and marker of every arm: grey for placebo, a colour-blind safe ramp that darkens with the dose."""
    arms = page.study.treatment.arms
    dosed = [arm.label for arm in arms if arm.is_active]
    ramp = map(to_hex, mpl.colormaps["viridis"](np.linspace(_LIGHTEST, _DARKEST, len(dosed))))
    colours = dict(zip(dosed, ramp, strict=True))
    return {arm.label: (colours.get(arm.label, GREY), marker) for arm, marker in zip(arms, cycle(MARKERS))}


def arms_of(courses: pd.DataFrame, page: Page, variable: str = "TRT01A") -> dict[str, tuple[str, str]]:
    """Return colour and marker of the arms (labels) that have a record, in the order of the study file."""
    known = set(courses[variable])
    return {arm: style for arm, style in arm_styles(page).items() if arm in known}


@contextmanager
def canvas(width: float, height: float) -> Iterator[Canvas]:
    """Give an empty figure of this size (inches) with the project's style in force."""
    with mpl.rc_context(fname=_STYLE):
        yield Canvas(figsize=(width, height))


def png(drawn: Canvas, page: Page) -> bytes:
    """Return a finished figure as PNG, equal bytes for equal figures.

    The picture has the width of the page and a fixed palette, the colours of the arms and of rings among them as they
    are: a third of the bytes of the same figure as SVG or as PNG in full colour.
    """
    drawn.set_dpi(_DOTS_PER_INCH)
    surface = FigureCanvasAgg(drawn)
    surface.draw()  # type: ignore[no-untyped-call]  # matplotlib has no types there
    pixels = np.asarray(surface.buffer_rgba())  # type: ignore[no-untyped-call]  # as above
    picture = Image.fromarray(pixels).convert("RGB")
    file = io.BytesIO()
    picture.quantize(palette=_palette(page), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _palette(page: Page) -> Image.Image:
    """Return a picture whose palette holds greys and, in falling strength on white, the colours of arms and rings."""
    hues = list(dict.fromkeys([_RING, GREY, *(colour for colour, _ in arm_styles(page).values())]))
    strong = 255 * np.array([to_rgb(hue) for hue in hues])
    mixed = [strength * hue + (1 - strength) * 255 for hue in strong for strength in _STRENGTHS]
    colours = [*([grey] * 3 for grey in _GREYS), *np.rint(mixed).astype(int).tolist()][:_MOST_COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


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
    (rings,) = axis.plot(
        last[across], last["AVAL"], linestyle="none", marker="o", markersize=7, markerfacecolor="none",
        markeredgecolor=_RING, markeredgewidth=1.2, zorder=5, clip_on=False,
    )  # fmt: skip
    rings.set_in_layout(False)


def number_drawn(page: Page, display: Display, parameter: str, arm: str) -> str:
    """Return how many participants of an arm (its label) a figure draws, as its results say."""
    return page.cells(display).text("n", (parameter, DRAWN, "", "", arm_codes(page.study)[arm]))


def ring_note(page: Page, display: Display, parameter: str) -> str:
    """Return what the rings of a figure say, with their number; nothing at a first cut."""
    if page.previous.frames is None:
        return ""
    new, drawn = (page.cells(display).text("n", (parameter, name, "", "", "")) for name in (NEW, DRAWN))
    return f" A ring: a participant new since cut {page.previous.cut_id} ({new} of {drawn} shown)."


def figure(image: bytes, alt: str, note: str, *frames: pd.DataFrame, framed: dict[str, Any]) -> Figure:
    """Return a picture in its frame, with its one footnote and the frames that it draws."""
    return Figure(image=image, alt=alt, data=figure_data(*frames), **framed | {"footnotes": (note,)})


def figure_data(*frames: pd.DataFrame) -> str:
    """Return what a figure draws as CSV (RFC 4180): numbers with six significant figures, missing values empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.

    Parameters
    ----------
    frames : frame
        Below each other; columns that one lacks are empty there.
    """
    below = pd.concat(frames, ignore_index=True)
    return pd.DataFrame({name: _texts(below[name]) for name in below}).to_csv(index=False, lineterminator="\r\n")


def _texts(values: pd.Series) -> list[str]:
    if pd.api.types.is_numeric_dtype(values):
        return ["" if value != value else f"{value:.{_FIGURES}g}" for value in values.astype("float64").tolist()]
    return [_safe(value) for value in values.astype("str").fillna("").tolist()]


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> _safe("=1+1"), _safe(" @SUM"), _safe("20 mg")
    ("'=1+1", "' @SUM", '20 mg')
    """
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_DANGEROUS) else text
