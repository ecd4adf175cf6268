"""Examples in the help of a command."""

from __future__ import annotations

HEAD = "Examples:"
"""The line above the examples."""

_AS_WRITTEN = "\b"
"""A line that tells click to keep the line breaks of the paragraph below it."""


def examples(*lines: str) -> str:
    r"""Return the epilog of a command that shows these lines, each as it is typed.

    Examples
    --------
    >>> examples("cutbook check tofersen C2")
    '\x08\nExamples:\n  cutbook check tofersen C2'
    """
    return "\n".join([_AS_WRITTEN, HEAD, *(f"  {line}" for line in lines)])
