"""Starts PostgreSQL, Valkey and the product itself on one machine; knows nothing of the domain."""
