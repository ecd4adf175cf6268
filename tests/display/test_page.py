import pytest

from cutbook.catalogue import measurements, participants
from cutbook.catalogue.kinds.panels import Panel
from cutbook.display import show
from display.pages import a_page
from given import texts_of


def test_the_source_line_is_the_datasets_and_the_number_of_the_display(adsl, study):
    page = a_page(study, results=texts_of(participants.disposition, study=study, adsl=adsl))
    assert show(participants.disposition, page).source == "DM, DS, EX · T-D1"


@pytest.mark.parametrize(
    ("layer", "number"), [(Panel(parameter="csf-WBC"), "T-D15-csf-WBC"), (Panel(id="x"), "T-D15-x")]
)
def test_each_of_several_tables_names_its_own_number(study, layer, number):
    source = a_page(study).source(measurements.laboratory, layer)
    assert source.rpartition(" · ")[2] == number
