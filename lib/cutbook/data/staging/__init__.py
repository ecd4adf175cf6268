"""What a notebook may read: the staged cut, its previous cut and the history of both."""
