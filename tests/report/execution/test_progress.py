from __future__ import annotations

import io

from cutbook.report.execution.progress import plain_lines, show_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_come_at_the_start_at_each_quarter_and_at_the_end() -> None:
    lines = io.StringIO()
    told = plain_lines(lines)
    for done in range(32):
        told("safety", done, 31)
    assert lines.getvalue().splitlines() == [
        "safety: 0/31 cells",
        "safety: 8/31 cells",
        "safety: 16/31 cells",
        "safety: 24/31 cells",
        "safety: 31/31 cells",
    ]


def test_reports_made_at_once_keep_their_own_lines() -> None:
    lines = io.StringIO()
    told = plain_lines(lines)
    told("safety", 0, 4)
    told("efficacy", 0, 4)
    told("safety", 4, 4)
    assert lines.getvalue().splitlines() == ["safety: 0/4 cells", "efficacy: 0/4 cells", "safety: 4/4 cells"]


def test_without_a_terminal_standard_error_stays_free_for_errors() -> None:
    terminal, lines = io.StringIO(), io.StringIO()
    with show_progress(terminal, lines) as told:
        told("safety", 1, 2)
    assert terminal.getvalue() == ""
    assert lines.getvalue() == "safety: 1/2 cells\n"


def test_a_terminal_gets_a_bar_a_report() -> None:
    terminal, lines = Terminal(), io.StringIO()
    with show_progress(terminal, lines) as told:
        told("safety", 1, 2)
        told("efficacy", 2, 2)
        told("safety", 2, 2)
    assert "safety" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()
    assert lines.getvalue() == ""
