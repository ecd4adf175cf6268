"""The page of decisions beside a draft: what is asked, what was decided by which rule, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cutbook.drafting.decision import Decision, Draft
from cutbook.drafting.written import answer_text


@dataclass(frozen=True)
class Around:
    """What is told beside the decisions: names, sentences about files, and datasets that no report reads."""

    study: str
    transfer: str
    records: int
    files: Sequence[str] = ()
    unread: Sequence[str] = ()


def summary_text(draft: Draft, around: Around) -> str:
    """Return the page of decisions, as Markdown."""
    return "\n".join(_lines(draft, around)) + "\n"


def _lines(draft: Draft, around: Around) -> Iterator[str]:
    asked, total = draft.open, len(draft.decisions)
    yield f"# Draft of the study file of {around.study}"
    yield ""
    yield (
        f"From the transfer {around.transfer}: {around.records:,} records, {total} decisions, "
        f"{len(draft.answered)} answered by a person, {len(asked)} questions open."
    )
    yield from _questions(asked)
    if draft.alarms or around.files or around.unread:
        yield from ("", "## To look at", "")
        yield from (f"- {line}" for line in (*draft.alarms, *around.files))
        if around.unread:
            yield f"- Delivered, and read by no report: {', '.join(around.unread)}."
    yield from ("", "## Decisions", "", "| Key | Value | Rule | Evidence | Confidence |", "|---|---|---|---|---|")
    for one in draft.decisions:
        yield _row(one, one.key in draft.answered)


def _questions(asked: Sequence[Decision]) -> Iterator[str]:
    yield from ("", "## Questions", "")
    if not asked:
        yield "None is open."
        return
    yield (
        "Change a value in the study file where it is wrong and remove its mark, or write the answers into a file and "
        "draft again with `--answers FILE`. As they stand here they are the guesses:"
    )
    yield from ("", "```yaml")
    for one in asked:
        yield f"# {' '.join(one.question.split())}"
        yield f"{answer_text(one)}"
    yield "```"


def _row(one: Decision, is_answered: bool) -> str:
    cells = (f"`{one.key}`", answer_text(one).partition(": ")[2], one.rule, one.evidence)
    sureness = "answered" if is_answered else one.confidence
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in (*cells, sureness)) + " |"
