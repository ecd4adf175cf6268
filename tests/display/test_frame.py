from html.parser import HTMLParser

import pytest

from cutbook.display.frame import Column, Figure, Headline, Row, Sentence, Stamps, Table

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
        (text,),
        text,
        **more,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_the_data_is_literal_in_every_part_of_a_display(text):
    displays = [
        a_table(text),
        a_table(text, is_folded=True),
        Figure(text, text, text, b"x", "image/png", text, (text,), text),
        Headline((Sentence(text, text),)),
        Stamps("banner", text, ((text, text),), (text,)),
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
    html = Table("L-x", "Title", "All", "Row", columns, (Row("a", ("1", "None")),))._repr_html_()
    assert '<th scope="col" class="num">n</th>' in html
    assert '<th scope="row">a</th>' in html
    assert '<td class="verbatim">None</td>' in html


def test_a_table_cannot_be_changed():
    with pytest.raises(AttributeError):
        a_table("x").title = "y"
