"""`make bench`: what kaikaku's work costs, as ratios to floors measured in the same run."""
