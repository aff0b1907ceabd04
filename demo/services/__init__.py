"""Making the demo: its enterprise and its files, through the services that everybody uses."""

from demo.services.enterprise import enterprise_create
from demo.services.files import file_receive, progress_record
from demo.services.matters import matters_create
from demo.services.quality import quality_create

__all__ = ["enterprise_create", "file_receive", "matters_create", "progress_record", "quality_create"]
