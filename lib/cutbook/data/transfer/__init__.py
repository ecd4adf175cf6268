"""From a transfer folder to frames: manifest, files, restricted part, audience."""
