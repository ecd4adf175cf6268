"""The words that a narrow screen writes before the cells of a table."""

import re

from cutbook.report.page.paper import with_words

PLAIN = '<table class="stat">\n<thead>\n<tr><td></td><th scope=col class=num>n</th><th>Mean <b>▲</b></th></tr></thead>'
ARMS = (
    '<table class="stat spanned t7"><thead><tr><th scope=col rowspan=2>Row</th>'
    '<th scope=col rowspan=2 abbr=PBO data-n=12>Placebo<small class="note">N = 12</small></th>'
    "<th scope=colgroup colspan=2>Drug</th><th scope=col rowspan=2 data-n=31>All</th></tr>"
    "<tr><th scope=col abbr=20 data-n=10>20 mg</th><th scope=col data-n=9>Total</th></tr></thead>"
)


def test_a_column_has_the_words_of_its_heading_without_notes_and_marks():
    body, style = with_words(PLAIN)
    assert 'class="stat k0"' in body
    assert style == '.k0{--w1:"n";--w2:"Mean"}'


def test_a_column_of_an_arm_has_few_letters_and_its_size_each_in_its_place():
    _, style = with_words(ARMS)
    assert style == (
        r'.k0{--w1:"PBO";--w2:"20";--w3:"Total";--w4:"All";--n1:"\2f 12";--n2:"\2f 10";--n3:"\2f 9";--n4:"\2f 31"}'
    )


def test_tables_with_the_same_columns_share_their_words():
    body, style = with_words(PLAIN + ARMS + PLAIN)
    assert [name for name in ("k0", "k1", "k2") if name in body] == ["k0", "k1"]
    assert body.count("k0") == 2
    assert style.count("{") == 2


def test_what_stands_in_a_heading_means_nothing_in_the_style():
    _, style = with_words('<table class="listing"><thead><tr><th>No.</th><th>a"}b{<bdi>c</bdi></th></tr></thead>')
    assert style == r'.k0{--w1:"a\22 \7d b\7b c"}'
    assert with_words("<p>no table</p>") == ("<p>no table</p>", "")


def test_no_column_of_a_wide_table_is_without_words():
    heads = "".join(f"<th>c{at}</th>" for at in range(19))
    _, style = with_words(f'<table class="listing"><thead><tr>{heads}</tr></thead>')
    assert '--w18:"c18"' in style
    assert re.findall(r"td:nth-of-type\((\d+)\)\{--cb-w:var\(--w(\d+)\)", style) == [("17", "17"), ("18", "18")]
