"""How a blind is kept: its policy, and the study file as blinded reports know it."""
