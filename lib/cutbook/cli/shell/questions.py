"""Questions to a person at a terminal, one by one, each with its evidence and a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

if TYPE_CHECKING:
    from cutbook.drafting.decision import Decision, Draft, Value

_HELP = "Enter takes the proposal; a list is written [A, B]; `null` leaves the key out; `-` leaves the question open."
_LATER = "-"


def ask_person(draft: Draft) -> Mapping[str, Value | None]:
    """Return the answers of whoever sits at the terminal to the open questions of a draft.

    Parameters
    ----------
    draft : Draft
        Its open decisions are asked in their order.
    """
    console = Console(highlight=False)
    asked = draft.open
    if asked:
        console.print(f"[bold]{len(asked)} questions[/bold] that the data do not answer. {_HELP}")
    answers: dict[str, Value | None] = {}
    for number, one in enumerate(asked, start=1):
        console.print(f"\n[bold]{number} of {len(asked)}[/bold]  [dim]{escape(one.key)}[/dim]")
        console.print(escape(one.question))
        console.print(f"[dim]{escape(one.rule)}; {escape(one.evidence)}[/dim]")
        said = Prompt.ask("Answer", console=console, default=_proposal(one))
        if said.strip() != _LATER:
            answers[one.key] = _read(said, draft, one)
    return answers


def _proposal(one: Decision) -> str:
    from cutbook.drafting.written import answer_text

    return _LATER if one.confidence == "unknown" else answer_text(one).partition(": ")[2]


def _read(said: str, draft: Draft, one: Decision) -> Value | None:
    """Return an answer as it is written in YAML, in the type of the proposal."""
    from cutbook.drafting.answers import read_text, typed

    return one.value if said == _proposal(one) else typed(read_text(said), draft, one.key)
