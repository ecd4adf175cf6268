"""Which sentences stand first: by what they are about, then what is new, then how far above the control."""

from __future__ import annotations

from collections.abc import Iterable

from cutbook.display.look.frame import Sentence

KINDS = ("death", "serious", "limit", "estimate", "excess", "oddity", "rest")
"""Kinds of sentences in the order in which they are told."""

MOST, MOST_NEW = 6, 4
"""Sentences of a first screen at most, and of those that are new."""


FEWEST = 3
"""Sentences about results that stand beside what is odd in the data, however much that is."""


def ranked(sentences: Iterable[Sentence | None], most: int = MOST) -> tuple[Sentence, ...]:
    """Return the sentences that are told, in order; those about one kind with what is new first.

    What is odd in the data and weighs enough is never left out for want of room; it takes that of others, but of three.
    """
    found = [sentence for sentence in sentences if sentence]
    ordered = sorted(found, key=lambda one: (KINDS.index(one.kind), not one.is_new, -one.excess))
    others = [one for one in ordered if one.kind != "oddity"]
    kept = others[: max(most - (len(ordered) - len(others)), min(most, FEWEST))]
    return tuple(one for one in ordered if one in kept or one.kind == "oddity")
