"""The columns of the lists of quality assurance."""
