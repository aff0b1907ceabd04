"""What people and programs type in about calls, turned into values; the rules are the services'."""

from calls.forms.filters import CallFilterForm
from calls.forms.uploads import NumberForm, UploadForm, errors_add

__all__ = ["CallFilterForm", "NumberForm", "UploadForm", "errors_add"]
