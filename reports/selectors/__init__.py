"""Reading for the report pages: each page's figures, from the same KPI reports as the interface."""
