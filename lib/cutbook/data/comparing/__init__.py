"""Two transfers beside each other: their differences, and the past that was revised."""
