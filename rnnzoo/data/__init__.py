"""Data sets: splits, files, tensorflow-datasets, batches."""
