"""What a figure is drawn on: a small inline drawing whose colours and fonts are those of the page around it.

It holds paths, circles and text alone. A colour becomes a class (`palette.CLASSES`), coordinates have one decimal, and
paths of one look that follow each other are one path, so that a drawing is a tenth of what the general writer makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from markupsafe import Markup, escape
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from cutbook.display.draw.lettering import measured
from cutbook.display.palette import CLASSES
from cutbook.words import END_OF_ISOLATE, ISOLATE

UNIT = 72
"""Dots an inch: a point, a pixel of the page and a unit of the drawing are the same."""

TEXT_SIZE = 11.0
"""Size of text that says nothing else."""

_Colour = Sequence[float]
_ANCHORS = {"center": "m", "right": "e"}
_SHARE = {"center": 0.5, "right": 1.0}


def svg(drawn: Canvas) -> tuple[Markup, int]:
    """Return a finished figure as an inline drawing, equal text for equal figures, and how many marks it has.

    Colours that are not of the palette are an error, for they would stay as they are on dark paper.
    """
    surface = Surface(*(round(side * UNIT) for side in drawn.get_size_inches()))
    drawn.draw(surface)
    return surface.finished(), surface.marks


class Surface(RendererBase):
    """Writes what matplotlib draws.

    Parameters
    ----------
    width, height : int
        Size in pixels of the page.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.width, self.height, self.marks = width, height, 0
        self._measure = RendererAgg(width, height, UNIT)  # type: ignore[no-untyped-call]  # matplotlib has no types there
        self._look, self._outline, self._parts = "", "", list[str]()

    def finished(self) -> Markup:
        """Return the drawing."""
        self._flush()
        # What goes into the parts is numbers, classes and escaped text.
        return Markup(  # noqa: S704
            f'<svg class="drawn" width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}">'
            f"{''.join(self._parts)}</svg>"
        )

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size, as matplotlib asks for it."""
        return self.width, self.height

    def flipy(self) -> bool:
        """Return that heights are counted from below."""
        return False

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        """Return the size of a text in matplotlib's own font, which is wider than that of most pages."""
        plain = measured(s)
        width, height, descent = self._measure.get_text_width_height_descent(plain, prop, ismath)  # type: ignore[no-untyped-call]  # as above
        return float(width), float(height), float(descent)

    def draw_path(  # type: ignore[override]  # colours arrive as numbers
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: _Colour | None = None  # noqa: N803
    ) -> None:  # fmt: skip
        """Draw a line, or a filled shape without its outline."""
        face = rgbFace if _is_seen(rgbFace) else None
        if face is not None or (gc.get_linewidth() and _is_seen(gc.get_rgb()) and rgbFace is None):
            self._add(_look(gc, face), "".join(self._outlined(path, transform)))

    def draw_markers(  # type: ignore[override]  # as above
        self, gc: GraphicsContextBase, marker_path: Path, marker_trans: Transform, path: Path, trans: Transform,
        rgbFace: _Colour | None = None,  # noqa: N803
    ) -> None:  # fmt: skip
        """Draw points: filled ones as dots of a round pen, open ones as circles; other shapes as they are."""
        places = [points[-2:] for points, _ in path.iter_segments(trans, simplify=False) if np.isfinite(points).all()]
        wide = marker_path.get_extents(marker_trans).width
        is_round = marker_path.codes is not None and bool(np.isin(Path.CURVE4, marker_path.codes))
        if not is_round:
            for x, y in places:
                self.draw_path(gc, marker_path, marker_trans + Affine2D().translate(x, y), rgbFace)
            return
        self.marks += len(places)
        if rgbFace is not None and _is_seen(rgbFace):
            dots = "".join(f"M{_number(x)} {_number(self.height - y)}h0" for x, y in places)
            self._add(_look(gc, None, width=wide, colour=rgbFace, more=" p"), dots)
            return
        self._flush()
        self._parts += [
            f'<circle class="{_class(gc.get_rgb())}" cx="{_number(x)}" cy="{_number(self.height - y)}"'
            f' r="{_number(wide / 2)}"/>'
            for x, y in places
        ]

    def draw_text(  # noqa: PLR0913, PLR0917 - as matplotlib calls it
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties, angle: float,
        ismath: bool | Literal["TeX"] = False, mtext: Text | None = None,
    ) -> None:  # fmt: skip
        """Draw a text, anchored where it is aligned: the font of the page has other widths."""
        if angle:
            raise ValueError(f"a text at an angle: {s!r}")
        self._flush()
        across = "left" if mtext is None else mtext.get_horizontalalignment()
        x += _SHARE.get(across, 0.0) * self.get_text_width_height_descent(s, prop, ismath)[0]
        names = [_class(gc.get_rgb()), _ANCHORS.get(across, ""), "b" if prop.get_weight() == "bold" else ""]
        size = prop.get_size_in_points()
        sized = "" if size == TEXT_SIZE else f' font-size="{_number(size)}"'
        place = f'x="{_number(x)}" y="{_number(self.height - y)}"'
        self._parts.append(f'<text class="{" ".join(filter(None, names))}" {place}{sized}>{_with_collected(s)}</text>')

    def _outlined(self, path: Path, transform: Transform) -> Iterator[str]:
        """Yield the parts of an outline; curves are lines there."""
        segments = path.iter_segments(transform, remove_nans=True, simplify=False, curves=False)
        for points, code in segments:
            if code == Path.CLOSEPOLY:
                yield "z"
                continue
            self.marks += 1
            sign = "M" if code == Path.MOVETO else " "
            yield f"{sign}{_number(points[0])} {_number(self.height - points[1])}"

    def _add(self, look: str, outline: str) -> None:
        if look != self._look:
            self._flush()
        self._look = look
        self._outline += outline

    def _flush(self) -> None:
        if self._outline:
            self._parts.append(f'<path {self._look} d="{self._outline}"/>')
        self._outline = ""


def _look(
    gc: GraphicsContextBase, face: _Colour | None, *, width: float | None = None, colour: _Colour | None = None,
    more: str = "",
) -> str:  # fmt: skip
    """Return the attributes of a path: class of its colour, and what is not as the style sheet has it."""
    rgba = gc.get_rgb() if face is None else face
    name = _class(rgba if colour is None else colour) + (" f" if face is not None else more)
    wide = gc.get_linewidth() if width is None else width
    opacity = rgba[3] if len(rgba) == 4 else 1.0
    dashes = _dashes(gc)
    parts = [f'class="{name}"']
    parts += [f'stroke-width="{_number(wide)}"'] if face is None and wide != 1 else []
    parts += [f'stroke-dasharray="{" ".join(_number(dash) for dash in dashes)}"'] if dashes and face is None else []
    parts += [f'opacity="{opacity:g}"'] if opacity < 1 else []
    return " ".join(parts)


def _with_collected(text: str) -> str:
    """Return a text of a drawing as markup, collected text in it told apart.

    Examples
    --------
    >>> _with_collected("A < B"), _with_collected(f"{ISOLATE}None{END_OF_ISOLATE} n = 3")
    ('A &lt; B', '<tspan class="verbatim">None</tspan> n = 3')
    """
    begin, end = '<tspan class="verbatim">', "</tspan>"
    return str(escape(text)).replace(ISOLATE, begin).replace(END_OF_ISOLATE, end)


def _dashes(gc: GraphicsContextBase) -> list[float]:
    """Return the lengths of dashes and gaps in turn, none of a whole line."""
    _, dashes = gc.get_dashes()
    return [] if dashes is None else np.asarray(dashes, dtype="float64").tolist()


def _is_seen(colour: _Colour | None) -> bool:
    return colour is not None and (len(colour) < 4 or colour[3] > 0)


def _class(colour: _Colour) -> str:
    found = to_hex((colour[0], colour[1], colour[2]))
    if found not in CLASSES:
        raise ValueError(f"the colour {found}: expected one of the palette")
    return CLASSES[found]


def _number(value: float) -> str:
    """Return a coordinate with one decimal at most.

    Examples
    --------
    >>> _number(12.04), _number(-0.04), _number(7.25)
    ('12', '0', '7.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
