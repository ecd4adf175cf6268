from dataclasses import replace

from catalogue.findings.fluid import DOSES, EVENTS, PUNCTURES, fluid_study
from cutbook.catalogue.findings import csf
from cutbook.display import show
from display.pages import a_page
from given import given_frames, texts_of

FRAMES = {"adlb": PUNCTURES, "doses": DOSES, "adae": EVENTS}


def lines(adsl, adlb=PUNCTURES):
    study, frames = fluid_study(), {**FRAMES, "adlb": adlb, "adsl": adsl}
    page = a_page(
        study, results=texts_of(csf.table_of_limits, study=study, **frames), frames=given_frames(study, **frames)
    )
    table = show(csf.table_of_limits, page)
    rows = [(" " * row.level + row.label, *map(str, row.cells)) for row in table.rows]
    return [tuple(column.label for column in table.columns), *rows], table


def test_the_table_of_limits_as_shown(adsl):
    assert lines(adsl)[0] == [
        ("Placebo", "10 mg", "Active", "All"),
        ("White cells",),
        (" >\N{NO-BREAK SPACE}5/µL", "0/1", "2/2 (100.0)", "2/2 (100.0)", "2/3 (66.7)"),
        (" >\N{NO-BREAK SPACE}10/µL", "0/1", "1/2 (50.0)", "1/2 (50.0)", "1/3 (33.3)"),
        ("Protein",),
        (" >\N{NO-BREAK SPACE}1.5 × ULN", "0/1", "1/1 (100.0)", "1/1 (100.0)", "1/2 (50.0)"),
        ("Traumatic",),
        (" ≥\N{NO-BREAK SPACE}500/µL", "–", "1/2 (50.0)", "1/2 (50.0)", "1/2 (50.0)"),
    ]


def test_without_results_a_sentence_stands_for_the_table(adsl):
    table = lines(adsl, PUNCTURES.iloc[:4])[1]
    assert (table.rows, table.empty) == ((), csf.table_of_limits.empty)


def test_where_a_layer_says_so_rows_that_nobody_counts_in_are_left_out_and_parameters_are_a_sentence(adsl, monkeypatch):
    rows = csf.table_of_limits.rows
    short = replace(
        csf.table_of_limits, rows=lambda study: [replace(layer, nobody="Nobody above") for layer in rows(study)]
    )
    monkeypatch.setattr(csf, "table_of_limits", short)
    is_cells = PUNCTURES["PARAMCD"].eq("csf-WBC")
    few = PUNCTURES.assign(AVAL=PUNCTURES["AVAL"].mask(is_cells, PUNCTURES["AVAL"].clip(upper=8)))
    table = lines(adsl, few[few["PARAMCD"].ne("csf-PROT") | few["AVAL"].lt(50)])
    assert table[0] == [
        ("Placebo", "10 mg", "Active", "All"),
        ("White cells",),
        (" >\N{NO-BREAK SPACE}5/µL", "0/1", "2/2 (100.0)", "2/2 (100.0)", "2/3 (66.7)"),
        ("Traumatic",),
        (" ≥\N{NO-BREAK SPACE}500/µL", "–", "1/2 (50.0)", "1/2 (50.0)", "1/2 (50.0)"),
    ]
    assert table[1].footnotes[-2:] == (
        "Below a parameter, rows that nobody counts in are left out.", "Nobody above: Protein.",
    )  # fmt: skip
