"""Roadworthy as a module: `python -m roadworthy` runs the program that was installed with it."""
