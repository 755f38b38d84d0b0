"""Resumable training and the command line of the scripts."""
