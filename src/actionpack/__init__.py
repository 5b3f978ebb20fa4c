"""One folder of content and one folder of layout become a print-ready action pack."""

__version__ = "0.1.0"
