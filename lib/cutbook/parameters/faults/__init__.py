"""What is wrong with a parameter file, in words, with its line: every fault at once, in the order of lines."""

from cutbook.parameters.faults.places import place
from cutbook.parameters.faults.told import Repeats, faults_of

__all__ = ["Repeats", "faults_of", "place"]
