"""Profiles: frames of samples and doses as arrays, one row a profile."""
