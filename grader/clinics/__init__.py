"""Clinics: who needs help with what, when, and what to do there."""
