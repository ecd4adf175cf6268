"""Codes, texts, units and results of records, one by one."""
