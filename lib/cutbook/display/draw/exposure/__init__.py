"""Figures of exposure: dots by arm, terminal lines, one value against another."""
