"""Refuses a form that is too large before any of it is stored, whoever sends it and wherever it goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# What the other fields of a form and its boundaries may take besides the file.
FORM_BYTES = 1024 * 1024


class SizeGuard(FileUploadHandler):
    """The first upload handler: looks at the announced length, then leaves the files to the others."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's name)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse by the announced length; a request that announces none has no body for Django.

        Raises:
            RequestDataTooBig: Answered with 400 before a file is written.
        """
        if content_length > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes announced, {settings.UPLOAD_MAX_BYTES} allowed for a file")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
