"""Prove a course: its names, its layers, its variants and what its kit tells."""
