"""One data cut: which records leave, what is rolled back, and the audit of both."""
