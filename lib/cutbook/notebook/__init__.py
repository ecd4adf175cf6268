"""What notebooks call, and nothing else."""
