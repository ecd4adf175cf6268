"""Workers, kernels and their limits: one notebook executed in a process of its own."""
