"""What no column of a table can say is named below it, once, and a table of nothing else is a sentence."""

from __future__ import annotations

import pytest

from cutbook.display.look.elements import Cell, Mark, Row
from cutbook.display.tables.untold import without_untold

ND, NC = "not delivered", "not collected"


def row(label: str, *texts: str, mark: Mark | None = None) -> Row:
    return Row(label, tuple(Cell(text, mark) for text in texts))


TOLD, LACKING = row("Any event", "3", "0"), row("Serious event", ND, ND)


@pytest.mark.parametrize(
    ("rows", "labels", "words"),
    [
        ([TOLD, LACKING, row("Died", NC, NC)], ["Any event"], "Not delivered: serious event. Not collected: died."),
        ([LACKING, row("CSF protein", ND, "–")], [], "Not delivered: serious event, CSF protein."),
        ([row("Partly", "1", NC)], ["Partly"], ""),
        ([row("Dashes", "–", "–")], ["Dashes"], ""),
        ([row("Told before", ND, ND, mark=Mark("moved", "•", "3"))], ["Told before"], ""),
        (
            [Row("Height (cm)", is_head=True), row("n", ND, ND), row("Mean", "–", "–"), Row("Sex", is_head=True), TOLD],
            ["Sex", "Any event"],
            "Not delivered: height (cm).",
        ),
        ([Row("Doses", is_head=True), row("1", ND, ND), row("2", ND, ND)], [], "Not delivered: doses."),
    ],
)
def test_rows_that_no_column_tells_are_named_once(rows, labels, words):
    shown, lacking = without_untold(rows)
    assert ([row.label for row in shown], lacking) == (labels, words)
