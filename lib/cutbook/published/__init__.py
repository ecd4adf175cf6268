"""The files of a published set as typed values: what is written, and what is read again."""
