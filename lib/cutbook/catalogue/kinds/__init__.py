"""What a declaration is made of: the display, its layers and panels, its population."""
