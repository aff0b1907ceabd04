"""The interface of quality assurance."""
