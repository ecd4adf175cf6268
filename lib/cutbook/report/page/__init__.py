"""A page: its document, its checks, its contents, and the pages that list reports."""
