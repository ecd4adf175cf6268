"""What notebooks call, and what executes, checks and publishes them."""
