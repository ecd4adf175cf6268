from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.drafting.decision import Decision, Draft
from cutbook.drafting.drafting import answer
from cutbook.drafting.written import plain_tree, study_text
from cutbook.errors import ParameterError
from cutbook.parameters.marks import ASK, GUESS, marked_rows
from cutbook.parameters.yaml_text import read_document
from drafting.lean_study import draft_of, lean_datasets, yaml_of


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_file_says_what_the_draft_says(is_accepted: bool) -> None:
    draft = draft_of(lean_datasets())
    text = study_text(draft, "T1", "schema.json", is_accepted=is_accepted)
    assert yaml_of(text) == plain_tree(draft)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(_TEXTS, _TEXTS)
def test_any_text_of_the_data_comes_back_as_it_is(name: str, evidence: str) -> None:
    """A label may hold colons, marks, quotes, line ends and what YAML takes for something else."""
    arm = Decision("treatment.arms.A.1", {"code": name, "label": "x"}, "rule", evidence, question="Really?")
    draft = Draft((Decision("title", name, "rule", evidence), arm))
    text = study_text(draft, "T1", "schema.json", is_accepted=True)
    assert yaml_of(text) == {
        "title": name,
        "treatment": {"arms": [{"code": name, "label": "x"}]},
    }


def test_a_question_is_marked_in_the_line_of_its_value_and_a_guess_likewise() -> None:
    draft = draft_of(lean_datasets())
    open_questions = {one.question for one in draft.open}
    for mark, is_accepted in ((ASK, False), (GUESS, True)):
        rows = marked_rows(study_text(draft, "T1", "s.json", is_accepted=is_accepted), mark)
        assert len(rows) == len(open_questions)
        assert all(any(said.startswith(asked) for said in rows.values()) for asked in open_questions)


def test_an_answer_takes_the_mark_away() -> None:
    draft = answer(draft_of(lean_datasets()), {"treatment.dose_unit": "µg"})
    text = study_text(draft, "T1", "s.json", is_accepted=False)
    assert '  dose_unit: "µg"  # answered' in text.splitlines()
    assert "treatment.dose_unit" not in {one.key for one in draft.open}


def test_what_cannot_be_guessed_stays_a_question_even_when_guesses_are_taken() -> None:
    datasets = lean_datasets()
    draft = draft_of({**datasets, "ex": datasets["ex"].iloc[4:]})
    rows = marked_rows(study_text(draft, "T1", "s.json", is_accepted=True), ASK)
    assert [said.partition("?")[0] for said in rows.values()] == ["What is the dose of 'Cohort 1'"]


def test_an_answer_to_nothing_is_refused_with_the_nearest_key() -> None:
    with pytest.raises(ParameterError) as error:
        answer(draft_of(lean_datasets()), {"treatment.dose_units": "mg"})
    assert "for example treatment.dose_unit;" in str(error.value.faults[0])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a: 1  # ASK: why?", {1: "why?"}),
        ("a: '# ASK: no'", {}),
        ('a: "x # ASK: no"  # ASK: yes', {1: "yes"}),
        ("a: x# ASK, no", {}),
        ("b:\n  # ASK: a whole line\n  c: 1", {2: "a whole line"}),
        ("a: |\n  # ASK: in a block\nb: 1", {}),
        ("a: [1, 2]  # ASK", {1: ""}),
        ("a: 1  # asked, ASKED", {}),
    ],
)
def test_a_mark_is_told_from_a_text_that_looks_like_one(text: str, rows: dict[int, str]) -> None:
    assert marked_rows(text, ASK) == rows


def test_a_file_with_an_open_question_is_refused_with_all_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text("a: 1  # ASK: first?\nb: 2\nc: 3  # ASK: second?\n", encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        read_document(file, "parameters/x/study.yaml")
    assert [str(fault).partition("; expected")[0] for fault in error.value.faults] == [
        "parameters/x/study.yaml row 1: found the open question 'first?'",
        "parameters/x/study.yaml row 3: found the open question 'second?'",
    ]


def test_guesses_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text("a: 1  # GUESS: first?\nb: 2  # GUESS: second?\n", encoding="utf-8")
    assert read_document(file, "study.yaml").guesses == 2
