"""The smallest possible task: the mean of a series of numbers. Files as a task has."""
