"""The proof that blinded reports do not depend on who got what: the same bytes under other allocations."""
