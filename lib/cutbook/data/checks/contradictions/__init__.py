"""Records that contradict each other: dates, deaths, and the same thing said twice."""
