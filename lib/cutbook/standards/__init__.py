"""Published limits, one file a source, each row with where it is printed; no limit stands in code.

Files of criteria have one form: ``grade`` (of CTCAE, or the level of the FDA's guide) where ``quantity`` ``operator``
``limit`` holds and ``condition`` applies.
"""
