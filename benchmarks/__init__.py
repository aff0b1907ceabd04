"""``make bench``: what the product promises about speed, as ratios measured in one run."""
