"""The tables of units: cited throughout, and their factors follow from molar masses where they name one."""

from __future__ import annotations

import re

import pytest

from cutbook.standards.conversion import scale_of
from cutbook.standards.criteria import table

FORMULAE = {
    "GLUC": "C6H12O6", "CREAT": "C4H7N3O", "CHOL": "C27H46O", "BILI": "C33H36N4O6", "URATE": "C5H4N4O3", "BUN": "N2",
    "CA": "Ca", "MG": "Mg", "PHOS": "P", "LACTICAC": "C3H6O3", "AMMONIA": "NH3", "T4": "C15H11I4NO4",
    "T4FR": "C15H11I4NO4", "T3": "C15H12I3NO4", "T3FR": "C15H12I3NO4", "CORTISOL": "C21H30O5",
    "VITB12": "C63H88CoN14O14P", "FOLATE": "C19H19N7O6", "TESTOS": "C19H28O2", "ESTRDIOL": "C18H24O2",
    "UREA": "CH4N2O", "IRON": "Fe",
}  # fmt: skip
ATOMS = {
    "H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "P": 30.974, "Ca": 40.078, "Mg": 24.305, "Fe": 55.845,
    "Co": 58.933, "I": 126.904,
}  # fmt: skip
"""Standard atomic weights, abridged to five digits: CIAAW 2021."""


def mass(formula: str) -> float:
    return sum(ATOMS[atom] * int(number or 1) for atom, number in re.findall(r"([A-Z][a-z]?)(\d*)", formula))


@pytest.mark.parametrize("test", FORMULAE)
def test_a_molar_factor_is_that_of_the_molar_mass(test: str) -> None:
    rows = table("laboratory_units")
    units = rows.loc[rows["testcd"].eq(test), "unit"]
    amounts, masses = (next(unit for unit in units if re.match(what, unit)) for what in ("[mnup]*mol", "[mnup]*g/"))
    moles = scale_of(masses, amounts, test).factor
    grams = scale_of(amounts.replace("mol", "g"), masses).factor
    assert moles * grams == pytest.approx(1 / mass(FORMULAE[test]), rel=2e-3)


@pytest.mark.parametrize("name", ["unit_sizes", "laboratory_units", "shifted_units"])
def test_every_row_is_cited_and_stands_once(name: str) -> None:
    rows = table(name)
    assert rows["source"].ne("").all()
    assert not rows.duplicated([one for one in ("kind", "testcd", "unit") if one in rows]).any()


@pytest.mark.parametrize(
    ("unit", "target", "test", "factor"),
    [
        ("10^3/uL", "10^9/L", "", 1), ("GI/L", "10^6/L", "WBC", 1000), ("/mm3", "10^9/L", "", 0.001),
        ("%", "L/L", "HCT", 0.01),
        ("TI/L", "M/uL", "RBC", 1), ("IU/L", "ukat/L", "XYZ", 1 / 60), ("mEq/L", "mmol/L", "SODIUM", 1),
        ("mmHg", "kPa", "SYSBP", 0.133322), ("sec", "ms", "QT", 1000), ("lb", "kg", "", 0.45359237),
        ("in", "cm", "", 2.54),
        ("mg/L", "mmol/L", "GLUC", 0.005551), ("mmol/L", "mg/mL", "GLUC", 1 / 5.551),
    ],
)  # fmt: skip
def test_a_unit_is_so_much_of_another(unit: str, target: str, test: str, factor: float) -> None:
    assert scale_of(unit, target, test).factor == pytest.approx(factor, rel=1e-3)


@pytest.mark.parametrize(
    ("unit", "target", "test"),
    [("mg/dL", "mmol/L", ""), ("g/L", "10^9/L", "PLAT"), ("mg", "mL", ""), ("mg/kg", "mg", ""), ("%", "10^9/L", "NEUT"),
     ("mEq/L", "mg/L", "XYZ"), ("kg/m2", "kg", ""), ("parsec", "cm", "")],
)  # fmt: skip
def test_what_is_not_known_is_not_converted(unit: str, target: str, test: str) -> None:
    assert not scale_of(unit, target, test).is_known


def test_haemoglobin_a1c_in_both_scales() -> None:
    factor, shift = scale_of("%", "mmol/mol", "HBA1C")
    assert 6.5 * factor + shift == pytest.approx(47.5, abs=0.05)
