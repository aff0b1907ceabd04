"""Pages about oneself, people, tokens and the audit book."""
