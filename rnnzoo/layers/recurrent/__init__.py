"""Recurrent core: the step of a cell and the loop over time."""
