import pytest

from cutbook.display.look.attributes import anchor
from cutbook.display.look.collected import collected, with_elements
from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Table
from cutbook.report.page.scan import scan_page


def page(*, label: str, cell: str) -> str:
    """Return a table as HTML whose title, columns and row have this label."""
    table = Table("T-1", label, "All", stub="Arm", columns=(Column(label),), rows=(Row(label, (cell,)),))
    return table._repr_html_()


def refused(html: str) -> list[str]:
    return [str(fault) for fault in scan_page(html, "page", "safety") if "a value in words" in str(fault)]


@pytest.mark.parametrize(
    "word", ["None", "nan", "NaN", "inf", "-inf", "NaT", "<NA>", "10 nan mg", "None mentioned: None"]
)
def test_a_collected_text_may_say_anything_wherever_it_stands(word):
    assert refused(page(label=word, cell="3")) != []
    assert refused(page(label=collected(word), cell="3")) == []
    assert refused(page(label=f"Grade 2, {collected(word)}", cell="3")) == []


def test_what_is_ours_and_no_value_stays_refused_beside_collected_text():
    assert len(refused(page(label=collected("None"), cell="nan"))) == 1
    assert len(refused(page(label=f"{collected('None')}: nan", cell="3"))) > 1


def test_most_collected_text_stands_as_it_is():
    plain = ["Headache", "Banana, Nancy", "5 µg/L", "头痛", "Übelkeit", "Vitamin\N{NO-BREAK SPACE}D", "–", ""]
    assert [collected(text) for text in plain] == plain


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb", r"a\tb"),
        ("a\x01b", r"a\x01b"),
        ("a\nb", r"a\nb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066b", r"a\u2066b"),
        ("a\u200bb", r"a\u200bb"),
        ("a\u2068nan\u2069b", r"a\u2068nan\u2069b"),
    ],
)
def test_what_does_not_show_stands_as_its_escape(text, seen):
    assert collected(text).strip("\u2068\u2069") == seen


def test_writing_from_right_to_left_stands_in_an_element_of_its_own():
    html = page(label=collected("صداع"), cell="3")
    assert "<th scope=row><bdi>صداع</bdi><td>3" in html
    assert 'aria-label="\u2068صداع\u2069"' in html


def test_a_marked_text_is_marked_once_and_its_address_has_no_mark():
    assert collected(collected("None")) == collected("None")
    assert anchor(collected("None")) == "None"


def test_text_of_ours_has_no_element():
    assert with_elements("<p>12 (34.3)</p>") == "<p>12 (34.3)</p>"
