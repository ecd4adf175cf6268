"""Displays of what profiles of concentrations say: parameters, proportionality, troughs, and how sure they are."""
