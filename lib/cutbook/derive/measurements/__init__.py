"""Measurements by visit: findings with baseline and change."""
