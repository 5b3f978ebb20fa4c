"""Thousands of packs from one plan: read, ordered, stamped in volumes, resumable."""
