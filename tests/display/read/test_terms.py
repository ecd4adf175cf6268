"""Terms by difference from the control, and blocks of rows that read the same."""

from types import SimpleNamespace

from cutbook.display.look.elements import Cell, Mark, Row
from cutbook.display.read.terms import by_difference, difference, participants, rare_words
from cutbook.display.tables.counted import merged

COUNTS = {
    # By term: placebo of 10, low of 5, high of 5.
    "Rash": (1, 2, 3), "Fever": (5, 1, 0), "Cough": (0, 0, 1), "Itch": (0, 1, 2), "Chills": (2, 1, 2),
}  # fmt: skip
SIZES = {"PBO": 10.0, "LOW": 5.0, "HIGH": 5.0, "TOTAL": 20.0}


def arm(code, *, is_active):
    return SimpleNamespace(code=code, is_active=is_active)


def study(control="PBO"):
    arms = [arm("PBO", is_active=False), arm("LOW", is_active=True), arm("HIGH", is_active=True)]
    found = next((one for one in arms if one.code == control), None)
    return SimpleNamespace(treatment=SimpleNamespace(arms=arms, control_arm=found))


class Counted:
    """Counts of terms by arm."""

    sizes = SIZES

    def value(self, statistic, place):
        assert statistic == "n"
        counts = dict(zip(("PBO", "LOW", "HIGH"), COUNTS[place[2]], strict=True))
        return float(sum(counts.values())) if place[-1] == "TOTAL" else float(counts[place[-1]])


def rows(study_):
    pairs = [(("CLASS", "AEDECOD", term), Row(term, level=1)) for term in COUNTS]
    return by_difference(pairs, Counted(), study_)


def test_the_difference_is_that_of_all_doses_together_in_points():
    # Rash: 5 of 10 against 1 of 10. Fever: 1 of 10 against 5 of 10. Chills: 3 of 10 against 2 of 10.
    made = {term: round(difference(Counted(), ("C", "AEDECOD", term), study()), 9) for term in COUNTS}
    assert made == {"Rash": 40.0, "Fever": -40.0, "Cough": 10.0, "Itch": 30.0, "Chills": 10.0}


def test_terms_stand_by_difference_equal_ones_by_frequency_and_those_of_one_participant_are_rare():
    # Cough and Chills differ alike by 10 points; Chills had 5, Cough 1.
    assert [(row.label, row.is_rare) for row in rows(study())] == [
        ("Rash", False), ("Itch", False), ("Chills", False), ("Cough", True), ("Fever", False),
    ]  # fmt: skip
    assert {row.level for row in rows(study())} == {0}


def test_without_a_control_or_with_an_active_one_frequency_alone_tells_the_order():
    by_frequency = ["Rash", "Fever", "Chills", "Itch", "Cough"]
    assert [row.label for row in rows(study(control=""))] == by_frequency
    assert [row.label for row in rows(study(control="LOW"))] == by_frequency


def test_participants_are_those_of_all_arms_where_no_column_pools_them():
    alone = Counted()
    alone.sizes = {code: size for code, size in SIZES.items() if code != "TOTAL"}
    assert participants(alone, ("C", "AEDECOD", "Rash"), study()) == 6


def test_what_is_closed_says_how_many_terms_and_how_many_are_new():
    new = Row("a", (Cell("1", Mark("new", "new")),), is_rare=True)
    old = Row("b", (Cell("1"),), is_rare=True)
    assert rare_words([Row("c")]) == ""
    assert rare_words([old]) == "1 term that one participant had"
    assert rare_words([old, new, Row("c")]) == "2 terms that one participant had, 1 of them new"


def block(label, *cells):
    return [Row(label, is_head=True), Row("Any", cells)]


def test_blocks_that_read_the_same_and_count_the_same_records_are_one():
    same, other, elsewhere = Cell("2", keys=("a", "b")), Cell("3", keys=("a", "b", "c")), Cell("2", keys=("a", "c"))
    made = merged([*block("0 days", same), *block("28 days", other), *block("84 days", same), *block("All", elsewhere)])
    assert [row.label for row in made] == ["0 days · 84 days", "Any", "28 days", "Any", "All", "Any"]


def test_rows_without_headings_stay():
    plain = [Row("a", (Cell("0"),)), Row("b", (Cell("0"),))]
    assert merged(plain) == plain
