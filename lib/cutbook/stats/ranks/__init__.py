"""Statistics of ranks and pairs."""
