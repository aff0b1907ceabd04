"""What the interface tells and takes of quality assurance."""
