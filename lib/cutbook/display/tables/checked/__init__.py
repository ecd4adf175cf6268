"""Tables of what this report says beside what it must agree with."""
