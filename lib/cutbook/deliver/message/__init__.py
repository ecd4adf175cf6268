"""What a mail says: made from finished files."""
