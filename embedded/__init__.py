"""Starts PostgreSQL and Valkey from their wheels, and the whole product with them; knows nothing of the domain."""
