"""Oddities of the data, and displays that will have nothing to show, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cutbook.words import single_line

MOST_LINES = 40
"""Oddities that are told in text; the others are counted."""

_STANDS = {2: "first lines", 3: "list"}


def oddity_lines(issues: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line an oddity: where it stands, dataset and variable, the finding, and a reason of the study file.

    Parameters
    ----------
    issues : sequence of mapping
        As the answer of a check has them, those on the first lines before the others.
    """
    for issue in issues[:MOST_LINES]:
        place = ".".join(filter(None, (issue["dataset"], issue["variable"])))
        key = f" {issue['key']}" if issue["key"] and issue["key"] not in issue["finding"] else ""
        why = f" ({issue['reason']})" if issue["reason"] else ""
        yield single_line(f"{_STANDS[issue['weight']]}: {place}{key}: {issue['finding']}{why}")
    if len(issues) > MOST_LINES:
        yield f"and {len(issues) - MOST_LINES} more, listed in the report and by --json"


def display_lines(displays: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield how many displays of each report will have something to show, and a line each for the others.

    Parameters
    ----------
    displays : sequence of mapping
        As the answer of a check has them.
    """
    for report in dict.fromkeys(display["report"] for display in displays):
        own = [display for display in displays if display["report"] == report]
        mute = [display for display in own if not display["has_something"]]
        yield f"{report}: {len(own) - len(mute)} of {len(own)} displays will have something to show"
        for display in mute:
            yield single_line(f"{report}: nothing in {display['display']}: {display['reason']}")
