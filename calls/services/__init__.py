"""Writing calls: files, rows, profiles."""

from calls.services.answers import answer_once, answers_forget
from calls.services.batches import (
    account_of,
    batch_cancel,
    batch_confirm,
    batch_load_next,
    batch_receive,
    batch_retry,
    batches_quarantine,
    lookups_of,
    original_open,
    profile_of,
)
from calls.services.checking import batch_check
from calls.services.customers import (
    customer_carry,
    customer_keys,
    customer_remember,
    customers_remember,
    number_decrypt,
    number_mask,
    numbers_encrypt,
)
from calls.services.numbers import number_find, number_show
from calls.services.preview import Trial, batch_preview, columns_read, profile_try
from calls.services.profiles import profile_save
from calls.services.reasons import reason_create
from calls.services.rebooking import rebooking_next, rebooking_work
from calls.services.rejected import numbers_clear, rejected_header, rejected_kept, rejected_rows
from calls.services.rows import rows_load
from calls.services.storage import batch_folder

__all__ = [
    "Trial",
    "account_of",
    "answer_once",
    "answers_forget",
    "batch_cancel",
    "batch_check",
    "batch_confirm",
    "batch_folder",
    "batch_load_next",
    "batch_preview",
    "batch_receive",
    "batch_retry",
    "batches_quarantine",
    "columns_read",
    "customer_carry",
    "customer_keys",
    "customer_remember",
    "customers_remember",
    "lookups_of",
    "number_decrypt",
    "number_find",
    "number_mask",
    "number_show",
    "numbers_clear",
    "numbers_encrypt",
    "original_open",
    "profile_of",
    "profile_save",
    "profile_try",
    "reason_create",
    "rebooking_next",
    "rebooking_work",
    "rejected_header",
    "rejected_kept",
    "rejected_rows",
    "rows_load",
]
