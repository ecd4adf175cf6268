"""Reading, checking, cutting and staging of a transfer."""
