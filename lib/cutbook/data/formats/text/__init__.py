"""Text as delivered: bytes into characters without loss, and blanks around values removed."""
