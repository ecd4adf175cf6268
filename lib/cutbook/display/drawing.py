"""How every figure is drawn: colours and markers of the arms, the style sheet, the picture formats."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure as Canvas

from cutbook.display.page import Page

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
GREY = "#5f6b76"
_STYLE = Path(__file__).with_name("cutbook.mplstyle")


def arm_styles(page: Page) -> dict[str, tuple[str, str]]:
    """Return colour and marker of every arm: grey for placebo, a colour-blind safe ramp that darkens with the dose."""
    arms = page.cut.study.treatment.arms
    active = sum(arm.dose > 0 for arm in arms)
    ramp = iter(sns.color_palette("viridis_r", active + 2).as_hex()[1:])
    colours = [next(ramp) if arm.dose > 0 else GREY for arm in arms]
    return {
        arm.label: (colour, MARKERS[place % len(MARKERS)])
        for place, (arm, colour) in enumerate(zip(arms, colours, strict=True))
    }


@contextmanager
def canvas(width: float, height: float) -> Iterator[Canvas]:
    """Give an empty figure of this size (inches) with the project's style in force."""
    with mpl.rc_context(fname=_STYLE):
        yield Canvas(figsize=(width, height))


def svg(drawn: Canvas) -> bytes:
    """Return a finished figure as SVG, equal bytes for equal figures."""
    file = io.BytesIO()
    drawn.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def png(drawn: Canvas) -> bytes:
    """Return a finished figure as PNG, equal bytes for equal figures."""
    file = io.BytesIO()
    drawn.savefig(file, format="png", dpi=110, metadata={"Software": None})
    return file.getvalue()
