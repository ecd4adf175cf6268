import re
from html.parser import HTMLParser

import pytest

from cutbook.display.look.align import PADDING
from cutbook.display.look.attributes import anchor
from cutbook.display.look.elements import (
    Cell,
    Column,
    Entry,
    Links,
    Mark,
    RecordGroup,
    Records,
    RecordTable,
    Row,
    Sparkline,
)
from cutbook.display.look.frame import Figure, RecordListing, Sentence, Stamps, Table
from cutbook.display.look.opening import Box, Opening

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</td></table><script>", "{{ 7*7 }}", "&amp;"]


class Texts(HTMLParser):
    """Collects start tags and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data):
        self.texts.append(data)


class Parts(HTMLParser):
    """Collects start tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def attributes(display, tag: str) -> list[dict[str, str]]:
    """Return the attributes of every element of one kind."""
    reader = Parts()
    reader.feed(display._repr_html_())
    return [attrs for name, attrs in reader.found if name == tag]


def parsed(display) -> Texts:
    reader = Texts()
    reader.feed(display._repr_html_())
    return reader


def a_table(text: str, **more) -> Table:
    return Table(
        text,
        text,
        text,
        text,
        (Column(text, text),),
        (Row(text, (text,)), Row(text, is_head=True)),
        footnotes=(text,),
        source=text,
        **more,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_the_data_is_literal_in_every_part_of_a_display(text):
    displays = [
        a_table(text),
        a_table(text, is_folded=True),
        Figure(text, text, text, b"x", text, footnotes=(text,), source=text),
        Opening(text, text, (Box(text, "news", (Sentence(text, "x", text, lead=text),)),), (text,)),
        Stamps("end", text, ((text, text),), (text,)),
    ]
    for display in displays:
        reader = parsed(display)
        assert not {"script", "img"} & (set(reader.tags) - ({"img"} if isinstance(display, Figure) else set()))
        assert text in "".join(reader.texts)


def test_an_empty_table_is_a_sentence():
    table = Table("L-D9-deaths", "Deaths", "All", "", (Column("Arm"),), (), empty="No deaths by the cut-off.")
    assert "No deaths by the cut-off." in parsed(table).texts
    assert "table" not in parsed(table).tags


def test_headers_have_a_scope_and_verbatim_text_is_marked():
    columns = (Column("n"), Column("Reported term", is_number=False, is_verbatim=True))
    table = Table("L-x", "Title", "All", "Row", columns, (Row("a", ("1", "None")),))
    headers = [(attrs["scope"], attrs.get("class")) for attrs in attributes(table, "th")]
    assert headers == [("col", None), ("col", "num"), ("col", None), ("row", None)]
    assert [attrs["class"] for attrs in attributes(table, "td")] == ["num", "verbatim"]


def test_a_table_cannot_be_changed():
    with pytest.raises(AttributeError):
        a_table("x").title = "y"


def opened(text: str) -> Records:
    rows = (Row("1", (text, text), anchor=f"P.{anchor(text)}"),)
    table = RecordTable((Column("Participant"), Column(text)), (RecordGroup(text, (text, "All"), rows),))
    return Records(text, text, (Entry("T-x.e0", text, "1"),), (table,))


@pytest.mark.parametrize("text", [*HOSTILE, 'A B"<'])
def test_text_from_the_data_is_literal_behind_the_counts_and_in_marks(text):
    cells = (
        Cell(text, Mark("up", text, text), ("k",), "T-x.e0", id="D4-1"), Cell(text, old=text),
        Links(((text, "T-x"),)), Sparkline("0,0", ("0", "0"), text),
    )  # fmt: skip
    columns = tuple(Column(text, text, mark=Mark("up", text, text)) for _ in cells)
    rows = (Row(text, is_head=True, mark=Mark("new", text)), Row(text, cells, group=text, status="changed"))
    table = Table("T-x", text, text, text, columns, rows, records=opened(text))
    listing = RecordListing("L-P", text, text, opened(text).tables[0], footnotes=(text,), source=text)
    for display in (table, listing):
        reader = parsed(display)
        assert not {"script", "img"} & set(reader.tags)
        assert text in "".join(reader.texts)
    assert text in [attrs.get("data-g") for attrs in attributes(table, "tr")]
    assert {attrs.get("data-g") for attrs in attributes(table, "tbody")} == {None, f"{text}|All"}


def test_ids_and_addresses_of_participants_are_valid_and_meet():
    listing = RecordListing("L-P", "Participants", "All", opened('A B"<').tables[0])
    identities = [attrs["id"] for attrs in attributes(listing, "th") if "id" in attrs]
    assert identities == ["P.A_20.B_22._3c."]
    assert [attrs["href"] for attrs in attributes(listing, "a")] == ["#P.A_20.B_22._3c."]
    assert {attrs["id"] for attrs in attributes(listing, "tr") if "id" in attrs} == {"R.1"}


def test_participants_of_different_names_have_different_ids():
    names = ["A B", "A_20.B", "A.B", "A-B", "A_B", "AB", "a b", "Ä", "A\u00a0B"]
    assert len({anchor(name) for name in names}) == len(names)
    assert [anchor(name) for name in names if not re.fullmatch("[A-Za-z0-9._-]+", anchor(name))] == []


def test_the_number_of_a_count_is_the_link_and_its_share_stands_behind_it():
    cells = [
        Cell("5 (13.2)", None, ("k",), "T-x.e0", id="D4-1", is_share=True),
        Cell("0", is_share=True),
        Cell("7", None, ("k",), "T-x.e0c1", "all", is_share=True),
        Cell("45.2 (1.5)"),
    ]
    rows = tuple(Row(str(place), (cell,)) for place, cell in enumerate(cells))
    html = Table("T-x", "Title", "All", "", (Column("All", code="TOTAL"),), rows)._repr_html_()
    assert '<td id="D4-1"><a href="#T-x.e0">5</a><i> (13.2)</i>' in html
    assert "<td>0<i></i>" in html
    assert '<a href="#T-x.e0c1" data-counts=all>7</a><i></i>' in html
    assert "<td>45<em>.2 (1.5)</em>" in html
    assert re.findall('<a [^>]*href="([^"]*)', html) == ["#T-x", "#T-x.e0", "#T-x.e0c1"]


def test_columns_of_arms_keep_a_place_for_the_longest_text_and_others_are_filled_with_blanks():
    columns = (Column("10 mg", code="A"), Column("Difference"))
    rows = (Row("a", (Cell("12 (100.0)"), Cell("1.5"))), Row("b", (Cell("0"), Cell("12.25"))))
    table = Table("T-x", "Title", "All", "", columns, rows)
    assert table.tail == 7
    assert "t7" in table.classes.split()
    assert [[len(blanks) for blanks in row] for row in table.blanks()] == [[0, 1], [0, 0]]
    assert not set("".join(table.blanks()[0])) - set(PADDING)


def test_a_spanner_stands_over_its_columns_and_the_others_take_both_lines():
    columns = (Column("Placebo", "N = 2"), Column("10 mg", spanner="Drug"), Column("20 mg", spanner="Drug"))
    table = Table("T-x", "Title", "All", "", columns, (Row("a", ("1", "2", "3")),))
    heads = [(one["scope"], one.get("rowspan"), one.get("colspan")) for one in attributes(table, "th")[:-1]]
    assert heads == [("col", "2", None), ("colgroup", None, "2"), ("col", None, None), ("col", None, None)]
    assert attributes(table, "td")[0] == {"rowspan": "2"}


def test_a_table_by_itself_numbers_its_own_records():
    table = Table("T-x", "Title", "All", "", (Column("All"),), (Row("a", ("1",)),), records=opened("A"))
    assert [attrs["id"] for attrs in attributes(table, "tr") if "id" in attrs] == ["T-x.r1"]
    assert [attrs["id"] for attrs in attributes(table, "details")] == ["T-x.r"]
    assert [attrs["id"] for attrs in attributes(table, "li")] == ["T-x.e0"]


def test_a_changed_field_shows_what_it_was():
    table = Table(
        "L-x", "Title", "All", "", (Column("Severity", is_number=False),), (Row("a", (Cell("Severe", old="–"),)),)
    )
    assert "<del>–</del> <ins>Severe</ins>" in table._repr_html_()


def test_a_table_is_marked_when_a_cell_a_row_or_a_heading_is():
    up = Mark("up", "▲1", "1")
    plain = Table("T-x", "Title", "All", "", (Column("All"),), (Row("a", (Cell("2"),)),))
    cell = Table("T-x", "Title", "All", "", (Column("All"),), (Row("a", (Cell("2", up),)),))
    row = Table("T-x", "Title", "All", "", (Column("All"),), (Row("a", (Cell("2"),), mark=Mark("new", "new")),))
    field = Table("L-x", "Title", "All", "", (Column("All"),), (Row("a", (Cell("2", old="1"),), status="changed"),))
    assert [table.is_marked for table in (plain, cell, row, field)] == [False, True, True, True]


def test_counts_by_visit_say_once_where_they_open():
    columns = (Column("n", counts="change", code="PBO", role="count"), Column("Mean"))
    rows = (Row("Week 8", is_head=True, grid="T-x.c2"), Row("10 mg", ("3", "4.0"), group="10 mg"))
    table = Table("T-x", "Title", "All", "", columns, rows)
    said = [
        tuple(attrs.get(name) for name in ("data-counts", "data-g", "data-role"))
        for attrs in attributes(table, "th")
        if attrs.get("scope") == "col"
    ]
    assert said == [("change", "PBO", "count"), (None, None, None)]
    assert [attrs.get("data-g") for attrs in attributes(table, "tr")][1:] == [None, "10 mg"]
    assert [attrs["href"] for attrs in attributes(table, "a")] == ["#T-x", "#T-x.c2"]
    assert table.classes == "stat visits"


def test_a_cell_without_a_value_says_so_whatever_its_words():
    cells = (Cell("NE", is_estimable=False), Cell("NE"), Cell("1"))
    table = Table("T-x", "Title", "All", "", tuple(Column("All") for _ in cells), (Row("a", cells),))
    assert ["data-none" in attrs for attrs in attributes(table, "td")][1:] == [True, False, False]


def test_values_below_the_limit_of_quantification_say_so_whatever_their_words():
    cells = (Cell("BLQ", below="all"), Cell("BLQ; 5", below="some"), Cell("5"), "")
    rows = (RecordGroup("Placebo", ("PBO", "TOTAL"), (Row("1", cells),)),)
    grid = RecordTable(tuple(Column("Week 4") for _ in cells), rows, stub="Participant")
    table = Table("T-x", "Title", "All", "", (Column("n"),), (Row("a", ("1",)),), records=Records("", "", (), (grid,)))
    assert [attrs.get("data-blq") for attrs in attributes(table, "td")][-4:] == ["all", "some", None, None]
    assert [attrs["data-g"] for attrs in attributes(table, "tbody") if "data-g" in attrs] == ["PBO|TOTAL"]


@pytest.mark.parametrize("is_about_people", [True, False])
def test_rows_about_people_lead_to_them_whatever_the_heading_of_the_rows(is_about_people):
    rows = (Row("01-701", ("1",)),)
    table = Table("L-x", "Title", "All", "Participant", (Column("n"),), rows, is_about_people=is_about_people)
    addresses = [attrs["href"] for attrs in attributes(table, "a")]
    assert addresses == ["#L-x", *(["#P.01-701"] if is_about_people else [])]


def test_only_marks_that_look_or_count_otherwise_have_a_class():
    kinds = ("up", "down", "moved", "quiet", "rank", "new", "changed", "withdrawn")
    cells = tuple(Cell("1", Mark(kind, "x")) for kind in kinds)
    table = Table("T-x", "Title", "All", "", tuple(Column("All") for _ in cells), (Row("a", cells),))
    assert [attrs.get("class") for attrs in attributes(table, "b")] == [None, None, None, *kinds[3:]]
