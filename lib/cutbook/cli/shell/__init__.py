"""What the commands are to the shell: examples in their help, completion, and answers as JSON."""
