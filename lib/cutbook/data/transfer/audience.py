"""The class of a run: which classes may be rendered at all."""

from __future__ import annotations

from cutbook.errors import BlindingError, Fault

RENDERED = ("unblinded", "blinded")
"""The classes that may be rendered; no other is offered anywhere."""


def refuse_class(audience: str) -> None:
    """Return when this class of report may be rendered; called before anything is read.

    Raises
    ------
    BlindingError
        Any other class.
    """
    if audience not in RENDERED:
        expected = " or ".join(repr(name) for name in RENDERED)
        remedy = "reports of another class are refused: a dummy allocation is not built"
        raise BlindingError(Fault("audience", repr(audience), expected, remedy))
