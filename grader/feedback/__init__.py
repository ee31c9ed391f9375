"""Feedback: one self-contained page a student, for a phone, a desk and paper."""
