"""What is looked at more closely in safety."""
