"""Many to many, unaligned: a text for a text."""
