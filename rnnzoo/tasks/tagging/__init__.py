"""Many to many, aligned: a tag for each token."""
