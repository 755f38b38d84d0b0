"""Scores of tags and texts."""
