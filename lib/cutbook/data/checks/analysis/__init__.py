"""Analysis datasets (ADaM): their codes, arms and which records stand for a participant at a visit."""
