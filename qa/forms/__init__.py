"""What people fill in about quality."""

from qa.forms.sheet import SheetForm

__all__ = ["SheetForm"]
