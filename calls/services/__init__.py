"""Writing calls: files, rows, profiles."""

from calls.services.batches import (
    account_of,
    batch_cancel,
    batch_check,
    batch_confirm,
    batch_folder,
    batch_load_next,
    batch_receive,
    batch_retry,
    batches_quarantine,
    lookups_of,
    profile_of,
)
from calls.services.profiles import profile_save
from calls.services.rows import answers_forget, rows_load

__all__ = [
    "account_of",
    "answers_forget",
    "batch_cancel",
    "batch_check",
    "batch_confirm",
    "batch_folder",
    "batch_load_next",
    "batch_receive",
    "batch_retry",
    "batches_quarantine",
    "lookups_of",
    "profile_of",
    "profile_save",
    "rows_load",
]
