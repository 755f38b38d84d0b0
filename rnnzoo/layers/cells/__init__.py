"""One file a cell."""
