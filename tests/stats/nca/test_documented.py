"""The page about statistics against the code."""

import doctest
import re
from dataclasses import fields

import pytest

from cutbook.stats.nca import NcaOptions
from profiles_of import one_dose, samples, values


@pytest.fixture
def page(project):
    return project / "docs/statistics.md"


def test_the_examples_of_the_page_give_what_it_shows(page):
    flags = doctest.NORMALIZE_WHITESPACE
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8", optionflags=flags).failed == 0


def test_every_choice_named_on_the_page_is_a_setting(page):
    own = page.read_text(encoding="utf-8").partition("\n## MMRM")[0]
    named = re.findall(r"`([a-z_0-9]+)(?:=[^`]*)?` \|$|`([a-z_0-9]+)=", own, re.MULTILINE)
    settings = {field.name for field in fields(NcaOptions)}
    assert {name for pair in named for name in pair if name} <= settings
    assert len(named) > 8


def test_the_profile_worked_out_by_hand_is_that_of_the_code(page):
    conc = samples(A=([0, 1, 2, 4, 6, 8], [0, 16, 9, 4, 2, 1]))
    found = values(conc, one_dose(conc))
    text = page.read_text(encoding="utf-8").split("### A profile by hand")[1]
    shown = [f"{found[code]:.4f}" for code in ("AUCLST", "LAMZ", "AUCIFO", "CLFO")] + [f"{found['AUCPEO']:.2f} %"]
    assert [number for number in shown if number not in text] == []
