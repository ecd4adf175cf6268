"""The parts of a transfer: the open one alone behind a mask, or both put together."""
