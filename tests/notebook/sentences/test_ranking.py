"""Which sentences stand first, and which are left out for want of room."""

from __future__ import annotations

from cutbook.display.look.frame import Sentence
from cutbook.notebook.sentences.ranking import ranked


def said(kind: str, text: str = "", *, is_new: bool = False, excess: float = 0.0) -> Sentence:
    return Sentence(text or kind, "", kind=kind, is_new=is_new, excess=excess)


def test_deaths_stand_before_all_else_and_then_what_is_new_and_what_differs_most():
    found = [
        said("rest"),
        said("excess", "a", excess=10),
        said("limit", "b", excess=30),
        said("limit", "c", excess=5, is_new=True),
        said("serious"),
        said("death"),
        said("limit", "d", excess=40),
    ]
    assert [one.text for one in ranked(found, 9)] == ["death", "serious", "c", "d", "b", "a", "rest"]


def test_sentences_beyond_the_most_are_left_out_but_never_an_oddity():
    limits = [said("limit", str(excess), excess=excess) for excess in range(9)]
    found = [said("oddity", "odd"), *limits, said("oddity", "o")]
    assert [one.text for one in ranked(found, 3)] == ["8", "7", "6", "odd", "o"]
    assert [one.text for one in ranked(found, 6)] == ["8", "7", "6", "5", "odd", "o"]
    assert [one.text for one in ranked(found, 1)] == ["8", "odd", "o"]


def test_templates_that_keep_silent_leave_no_gap():
    assert ranked([None, said("death"), None]) == (said("death"),)
