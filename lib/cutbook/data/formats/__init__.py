"""Files as frames, one module a format; nothing here knows of trials."""
