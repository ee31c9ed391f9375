"""The student's bench: workspaces, checks, hints and what is handed in."""
