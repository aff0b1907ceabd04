"""What the lists of quality assurance are narrowed by."""
