"""Every reason for which a row or a whole file is not taken, with its remedy, as plain English templates.

The web layer translates these strings; ``{…}`` are the names of the values that come with the finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wrong and what the sender can do about it."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding about a whole file: a code of REFUSALS or NOTES and the values its template needs."""

    code: str
    details: Mapping[str, str | int | list[str]] = field(default_factory=dict)


class FileRefusedError(Exception):
    """Nothing of this file can be taken.

    Attributes:
        notice: the code in REFUSALS and its details.
    """

    def __init__(self, code: str, **details: str | int | list[str]) -> None:
        """Keep the code and its details."""
        super().__init__(code)
        self.notice = Notice(code, details)


_COPY_AGAIN = "Export the file again from the phone system without opening it in a spreadsheet."
_TEMPLATE = "Compare with the template; times look like 2026-03-01T09:12:58+08:00."

# Findings about one row: code -> message and remedy. Templates may use {column} and {value}.
RULES: dict[str, Rule] = {
    # structure
    "fields_count": Rule(
        "The line has another number of fields than the header: {value}.",
        "Put texts that contain the delimiter or a quote in double quotes.",
    ),
    "quote_unclosed": Rule(
        "A double quote opens a text that is not closed within 64 kB.",
        "Close the quote, or double quotes that belong to the text.",
    ),
    "line_too_long": Rule("The line is longer than 64 kB.", "Shorten the texts of this record."),
    "line_incomplete": Rule(
        "The file ends in the middle of this line.", "Send the complete file; it was cut on the way."
    ),
    "cell_too_long": Rule("The text is longer than 32 kB.", "Shorten the text."),
    "cell_error": Rule("The cell holds a spreadsheet error.", "Correct the formula and save the file."),
    "cell_formula": Rule(
        "The cell holds a formula without a stored result.",
        "Open and save the file in a spreadsheet program, or replace formulas by values.",
    ),
    "cell_merged": Rule("The cell is part of a merged range.", "Unmerge the cells and repeat the value."),
    "text_forbidden": Rule(
        "The text holds a character that shows damaged data (NUL, replacement character or half a pair).",
        _COPY_AGAIN,
    ),
    "value_nested": Rule("A list or an object stands where one value belongs.", "Send one plain value."),
    "number_invalid": Rule("The number is too large, or no number.", "Send a number with up to 15 digits."),
    "field_unknown": Rule("There is no such field.", "Remove the field or correct its name."),
    "value_unmapped": Rule(
        "The import profile does not say what “{value}” in {column} means.", "Add the value to the profile."
    ),
    # identity and codes
    "id_missing": Rule("The call has no id.", "Every call needs the id of the phone system."),
    "id_too_long": Rule("The id is longer than 100 characters.", "Send the id of the phone system."),
    "id_scientific": Rule("The id was turned into a rounded number: {value}.", _COPY_AGAIN),
    "text_control": Rule("The text holds control characters.", "Remove line breaks and control characters."),
    "text_too_long": Rule(
        "The text is too long for this column.",
        "Codes of agents have up to 40 characters, reasons 60, others 100.",
    ),
    "revision_invalid": Rule(
        "“{value}” is not a revision.", "Use whole numbers from 1; a correction has a higher one."
    ),
    "queue_missing": Rule("The call has no queue.", "Name the queue that the call was offered to."),
    "queue_unknown": Rule("There is no queue “{value}”.", "Correct the code, or create the queue first."),
    "queue_not_covered": Rule(
        "No contract covered this queue at that time: {value}.",
        "Check the time of the call and the scope of the contract.",
    ),
    "agent_unknown": Rule("There is no agent “{value}”.", "Correct the code, or create the agent first."),
    "reason_unknown": Rule("There is no call reason “{value}”.", "Correct the code, or create the call reason first."),
    "direction_invalid": Rule("“{value}” is not a direction.", "Use inbound or outbound."),
    "outcome_missing": Rule("The call has no outcome.", "Use answered, abandoned, flowed_out or withdrawn."),
    "outcome_invalid": Rule("“{value}” is not an outcome.", "Use answered, abandoned, flowed_out or withdrawn."),
    "abandon_place_invalid": Rule("“{value}” is not a place of abandon.", "Use greeting, queue, ringing or hold."),
    "abandon_place_unexpected": Rule(
        "A place of abandon is given, but the call was not abandoned.", "Correct the outcome or the place."
    ),
    "boolean_invalid": Rule("“{value}” is neither yes nor no.", "Use true or false."),
    "csat_invalid": Rule("“{value}” is not a survey answer.", "Use whole numbers from 0 to 10."),
    # customer
    "phone_scientific": Rule("The phone number was turned into a rounded number.", _COPY_AGAIN),
    "phone_invalid": Rule(
        "The caller's number cannot be read as a phone number.",
        "Write it with + and country code, or set the region in the import profile.",
    ),
    # times
    "time_missing": Rule("The time at which the call was offered is missing.", _TEMPLATE),
    "time_invalid": Rule("“{value}” cannot be read as a time.", _TEMPLATE),
    "time_zone_missing": Rule(
        "The time “{value}” has no offset from UTC.", "Add the offset, or set the zone in the import profile."
    ),
    "time_gap": Rule(
        "The local time {value} did not exist: clocks were put forward.",
        "Send times with their offset from UTC.",
    ),
    "time_ambiguous": Rule(
        "The local time {value} happened twice: clocks were put back.",
        "Send times with their offset from UTC.",
    ),
    "time_future": Rule("The time {value} is in the future.", "Check the clock and the zone of the phone system."),
    "time_too_early": Rule("The time {value} is before the year 2000.", "Check the clock of the phone system."),
    "answered_before_offered": Rule(
        "The call was answered before it was offered: {value}.", "Check the clocks of the phone system."
    ),
    "ended_before_offered": Rule("The call ended before it was offered: {value}.", "Check the end time."),
    "ended_before_answered": Rule("The call ended before it was answered: {value}.", "Check the end time."),
    # durations and outcome
    "duration_invalid": Rule("“{value}” is not a duration.", "Use whole seconds, or the profile's format."),
    "duration_negative": Rule("The duration {value} is negative.", "Check the clocks of the phone system."),
    "duration_too_long": Rule("The duration {value} is longer than 24 hours.", "Check the end of the call."),
    "wait_too_long": Rule("A wait of {value} s: 24 hours or more.", "Check the times of the call."),
    "wait_differs": Rule(
        "The wait and the times do not agree (given / by the times, in s): {value}.",
        "Correct the wait or the answer time.",
    ),
    "talk_differs": Rule(
        "Talk + hold and the times do not agree (given / by the times, in s): {value}.",
        "Correct the durations or the end time.",
    ),
    "answer_missing": Rule(
        "An answered call needs the time of the answer or the wait.", "Send the answer time or the wait."
    ),
    "answer_unexpected": Rule(
        "The call was not answered, but has an answer time.", "Correct the outcome or the answer time."
    ),
    "talk_unexpected": Rule("The call was not answered, but has talk time.", "Correct the outcome or the talk time."),
}

# Findings for which a whole file is refused.
REFUSALS: dict[str, Rule] = {
    "file_empty": Rule("The file is empty.", "Send a file with a header line and calls."),
    "file_too_large": Rule("The file has {size} bytes; {limit} are allowed.", "Split the file."),
    "file_type": Rule("Files of this kind are not read: {found}.", "Send CSV (.csv, .tsv, .txt) or .xlsx."),
    "file_encrypted": Rule("The file is protected by a password or an old .xls.", "Save it as plain .xlsx."),
    "file_unreadable": Rule("The file is damaged: {reason}.", "Export the file again."),
    "file_macros": Rule("The workbook contains macros.", "Save it as .xlsx without macros."),
    "file_external_links": Rule("The workbook has links to other files.", "Replace the links by values."),
    "file_bomb": Rule(
        "The workbook is larger inside than allowed: {what} ({found}, limit {limit}).",
        "Send the calls alone, in several files or as CSV.",
    ),
    "file_crashed": Rule("Reading the file stopped unexpectedly.", "Export the file again, best as CSV."),
    "file_memory": Rule("Reading the file needs more memory than allowed.", "Split the file or send CSV."),
    "file_too_slow": Rule("Reading the file took longer than {limit} s.", "Split the file or send CSV."),
    "encoding_invalid": Rule(
        "The file is not valid {encoding} (first at byte {position}, line {line}).",
        "Choose the encoding in the import profile.",
    ),
    "encoding_unknown": Rule("The encoding cannot be told.", "Choose the encoding in the import profile."),
    "sheet_missing": Rule("There is no sheet “{sheet}”; the file has: {found}.", "Name the sheet in the profile."),
    "header_missing": Rule("The file has no header line {line}.", "Send a header line with the column names."),
    "header_columns": Rule(
        "Columns are missing: {missing}. The header has: {found}.",
        "Send the columns under these names, or change the import profile.",
    ),
    "header_duplicate": Rule("Columns appear twice: {found}.", "Give every column its own name."),
    "header_damaged": Rule("The header holds unreadable characters.", "Choose the encoding in the profile."),
    "vendor_differs": Rule("Line {line} belongs to vendor “{found}”, not to “{vendor}”.", "Send one file per vendor."),
    "rows_rejected": Rule(
        "{rejected} of {read} rows have errors, and the import profile takes a file only without errors.",
        "Correct the rows and send the whole file again.",
    ),
}

# Findings that do not stop a file but belong on its preview.
NOTES: dict[str, str] = {
    "columns_ignored": "Columns that the import profile does not use: {columns}.",
    "rows_blank": "{count} blank rows were left out.",
    "rows_hidden": "{count} rows are hidden in the sheet; they were read like the others.",
    "sheets_other": "Other sheets were not read: {sheets}.",
    "encoding_guessed": "The encoding was guessed: {encoding}. Check the texts before you confirm.",
    "file_incomplete": "The file ends in the middle of a line; the last whole line is {line}.",
    "newline_missing": "The last line does not end with a line break; make sure that the file is complete.",
}
