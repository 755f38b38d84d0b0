"""The recurrent core: one step, and the loop over time."""
