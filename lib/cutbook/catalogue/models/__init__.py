"""Displays of models: what the endpoints say of the arms, a method a file."""
