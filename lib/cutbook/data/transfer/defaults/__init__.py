"""What the study file puts where a lean transfer has nothing."""
