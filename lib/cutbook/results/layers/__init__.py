"""One module a kind of layer: its rows of the results table."""
