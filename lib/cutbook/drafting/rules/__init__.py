"""The rules by which the values of a study file are found in a transfer, one file a section."""
