"""Statistics of times until an event."""
