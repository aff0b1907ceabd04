"""Pages about calls, imports and import profiles."""
