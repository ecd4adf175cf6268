"""What a blinded reader may see of a transfer: an allow-list, applied before any kernel starts."""
