"""What is odd in adverse events: how they were coded, judged, dated and ended."""
