from cutbook.catalogue import participants
from cutbook.display import show
from display.pages import a_page
from given import texts_of


def test_every_display_names_cut_extraction_and_rendering(adsl, study):
    page = a_page(study, results=texts_of(participants.disposition, study=study, adsl=adsl))
    assert show(participants.disposition, page).source == (
        "Source: DM, DS, EX · data cut C2, 2024-05-01 · extracted 2024-05-04 · rendered 2024-05-05T06:00:00Z · "
        "safety.results.parquet · commit 0123456789ab · synthetic data"
    )
