"""Pages of incidents and of readiness for them."""
