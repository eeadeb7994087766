"""The report: chapters run as notebooks, collected into pages."""
