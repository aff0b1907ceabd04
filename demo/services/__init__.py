"""Making the demo: its enterprise and its files, through the services that everybody uses."""

from demo.services.enterprise import enterprise_create
from demo.services.files import file_receive, progress_record

__all__ = ["enterprise_create", "file_receive", "progress_record"]
