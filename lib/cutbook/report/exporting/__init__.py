"""What of a cut is written for other programs, one file a form."""
