"""Fonts for Chinese, Japanese and Korean: the folder `fonts`, and no code."""
