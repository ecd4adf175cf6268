"""A run: notebooks executed, their pages checked, and the set published."""
