"""Many to one: a label for a text."""
