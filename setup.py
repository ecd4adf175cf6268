"""The packages of the wheel, some of which lie outside ``lib/cutbook`` in a checkout; all else is in pyproject.toml."""

from setuptools import find_namespace_packages, setup

BESIDE = {
    "cutbook.virtual_trial": "lib/virtual_trial",
    "cutbook.starter.notebooks": "notebooks",
    "cutbook.starter.parameters.cdiscpilot01": "parameters/cdiscpilot01",
    "cutbook.starter.parameters.tofersen": "parameters/tofersen",
}
"""By their name in the wheel: the folders that a checkout keeps beside the package."""

OWN = find_namespace_packages("lib", include=["cutbook", "cutbook.*"], exclude=["*.__pycache__"])

setup(packages=[*OWN, *BESIDE], package_dir={"": "lib", **BESIDE})
