"""Training that survives an interruption, and the command line of the scripts."""
