"""The class of a run: which classes may be rendered at all."""

from __future__ import annotations

from cutbook.errors import BlindingError, Fault

RENDERED = ("unblinded",)
"""The classes that may be rendered; no other is offered anywhere."""


def refuse_class(audience: str) -> None:
    """Return when this class of report may be rendered; called before anything is read.

    Only ``unblinded`` may: a report of another class would have to prove that it holds no allocation, and masking is
    not built.

    Raises
    ------
    BlindingError
        Any other class.
    """
    if audience not in RENDERED:
        raise BlindingError(
            Fault(
                "audience",
                found=repr(audience),
                expected="'unblinded'",
                remedy="reports of another class are refused: masking of the allocation is not built",
            )
        )
