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


def _(text: str) -> str:
    """Mark a template for `make messages`; translating is the web layer's."""
    return text


_COPY_AGAIN = _("Export the file again from the phone system without opening it in a spreadsheet.")
_TEMPLATE = _("Compare with the template; times look like 2026-03-01T09:12:58+08:00.")

# Findings about one row: code -> message and remedy. Templates may use {column} and {value}.
RULES: dict[str, Rule] = {
    # structure
    "fields_count": Rule(
        _("The line has another number of fields than the header: {value}."),
        _("Put texts that contain the delimiter or a quote in double quotes."),
    ),
    "quote_unclosed": Rule(
        _("A double quote opens a text that is not closed within 64 kB."),
        _("Close the quote, or double quotes that belong to the text."),
    ),
    "line_too_long": Rule(_("The line is longer than 64 kB."), _("Shorten the texts of this record.")),
    "line_incomplete": Rule(
        _("The file ends in the middle of this line."), _("Send the complete file; it was cut on the way.")
    ),
    "cell_too_long": Rule(_("The text is longer than 32 kB."), _("Shorten the text.")),
    "cell_error": Rule(_("The cell holds a spreadsheet error."), _("Correct the formula and save the file.")),
    "cell_formula": Rule(
        _("The cell holds a formula without a stored result."),
        _("Open and save the file in a spreadsheet program, or replace formulas by values."),
    ),
    "cell_merged": Rule(_("The cell is part of a merged range."), _("Unmerge the cells and repeat the value.")),
    "text_forbidden": Rule(
        _("The text holds a character that shows damaged data (NUL, replacement character or half a pair)."),
        _COPY_AGAIN,
    ),
    "row_not_object": Rule(_("The row is null or no object."), _("Send each call as one object of fields.")),
    "value_nested": Rule(_("A list or an object stands where one value belongs."), _("Send one plain value.")),
    "number_invalid": Rule(_("The number is too large, or no number."), _("Send a number with up to 15 digits.")),
    "field_unknown": Rule(_("There is no such field."), _("Remove the field or correct its name.")),
    "value_unmapped": Rule(
        _("The import profile does not say what “{value}” in {column} means."), _("Add the value to the profile.")
    ),
    # identity and codes
    "id_missing": Rule(_("The call has no id."), _("Every call needs the id of the phone system.")),
    "id_too_long": Rule(_("The id is longer than 100 characters."), _("Send the id of the phone system.")),
    "id_scientific": Rule(_("The id was turned into a rounded number: {value}."), _COPY_AGAIN),
    "text_control": Rule(
        _("The text holds control characters or invisible ones, such as marks of the writing direction."),
        _("Remove line breaks, control characters and invisible ones."),
    ),
    "text_too_long": Rule(
        _("The text is too long for this column."),
        _("Codes of agents have up to 40 characters, reasons 60, others 100."),
    ),
    "revision_invalid": Rule(
        _("“{value}” is not a revision."), _("Use whole numbers from 1; a correction has a higher one.")
    ),
    "queue_missing": Rule(_("The call has no queue."), _("Name the queue that the call was offered to.")),
    "queue_unknown": Rule(_("There is no queue “{value}”."), _("Correct the code, or create the queue first.")),
    "queue_not_covered": Rule(
        _("No contract covered this queue at that time: {value}."),
        _("Check the time of the call and the scope of the contract."),
    ),
    "agent_unknown": Rule(_("There is no agent “{value}”."), _("Correct the code, or create the agent first.")),
    "reason_unknown": Rule(
        _("There is no call reason “{value}”."), _("Correct the code, or create the call reason first.")
    ),
    "direction_invalid": Rule(_("“{value}” is not a direction."), _("Use inbound or outbound.")),
    "outcome_missing": Rule(_("The call has no outcome."), _("Use answered, abandoned, flowed_out or withdrawn.")),
    "outcome_invalid": Rule(_("“{value}” is not an outcome."), _("Use answered, abandoned, flowed_out or withdrawn.")),
    "abandon_place_invalid": Rule(
        _("“{value}” is not a place of abandon."), _("Use greeting, queue, ringing or hold.")
    ),
    "abandon_place_unexpected": Rule(
        _("A place of abandon is given, but the call was not abandoned."), _("Correct the outcome or the place.")
    ),
    "boolean_invalid": Rule(_("“{value}” is neither yes nor no."), _("Use true or false.")),
    "csat_invalid": Rule(_("“{value}” is not a survey answer."), _("Use whole numbers from 0 to 10.")),
    "transfer_self": Rule(
        _("The call is said to be transferred from itself: {value}."),
        _("Name the call that it came from, or leave the field empty."),
    ),
    # customer
    "customer_masked": Rule(
        _("The number is covered, as in a download for people who may not see numbers."),
        _("Let somebody who may see the numbers download and mend the rows, or take the number from the phone system."),
    ),
    "phone_scientific": Rule(_("The phone number was turned into a rounded number."), _COPY_AGAIN),
    "phone_invalid": Rule(
        _("The caller's number cannot be read as a phone number."),
        _("Write it with + and country code, or set the region in the import profile."),
    ),
    # times
    "time_missing": Rule(_("The time at which the call was offered is missing."), _TEMPLATE),
    "time_invalid": Rule(_("“{value}” cannot be read as a time."), _TEMPLATE),
    "time_zone_missing": Rule(
        _("The time “{value}” has no offset from UTC."), _("Add the offset, or set the zone in the import profile.")
    ),
    "time_gap": Rule(
        _("The local time {value} did not exist: clocks were put forward."),
        _("Send times with their offset from UTC."),
    ),
    "time_ambiguous": Rule(
        _("The local time {value} happened twice: clocks were put back."),
        _("Send times with their offset from UTC."),
    ),
    "time_future": Rule(
        _("The time {value} is in the future."), _("Check the clock and the zone of the phone system.")
    ),
    "time_too_early": Rule(_("The time {value} is before the year 2000."), _("Check the clock of the phone system.")),
    "answered_before_offered": Rule(
        _("The call was answered before it was offered: {value}."), _("Check the clocks of the phone system.")
    ),
    "ended_before_offered": Rule(_("The call ended before it was offered: {value}."), _("Check the end time.")),
    "ended_before_answered": Rule(_("The call ended before it was answered: {value}."), _("Check the end time.")),
    # durations and outcome
    "duration_invalid": Rule(_("“{value}” is not a duration."), _("Use whole seconds, or the profile's format.")),
    "duration_negative": Rule(_("The duration {value} is negative."), _("Check the clocks of the phone system.")),
    "duration_too_long": Rule(_("The duration {value} is longer than 24 hours."), _("Check the end of the call.")),
    "wait_too_long": Rule(_("A wait of {value} s: 24 hours or more."), _("Check the times of the call.")),
    "wait_differs": Rule(
        _("The wait and the times do not agree (given / by the times, in s): {value}."),
        _("Correct the wait or the answer time."),
    ),
    "talk_differs": Rule(
        _("Talk + hold and the times do not agree (given / by the times, in s): {value}."),
        _("Correct the durations or the end time."),
    ),
    "answer_missing": Rule(
        _("An answered call needs the time of the answer or the wait."), _("Send the answer time or the wait.")
    ),
    "answer_unexpected": Rule(
        _("The call was not answered, but has an answer time."), _("Correct the outcome or the answer time.")
    ),
    "talk_unexpected": Rule(
        _("The call was not answered, but has talk time."), _("Correct the outcome or the talk time.")
    ),
}

# Findings for which a whole file is refused.
REFUSALS: dict[str, Rule] = {
    "file_empty": Rule(_("The file is empty."), _("Send a file with a header line and calls.")),
    "file_too_large": Rule(_("The file has {size} bytes; {limit} are allowed."), _("Split the file.")),
    "file_type": Rule(_("Files of this kind are not read: {found}."), _("Send CSV (.csv, .tsv, .txt) or .xlsx.")),
    "file_encrypted": Rule(_("The file is protected by a password or an old .xls."), _("Save it as plain .xlsx.")),
    "file_unreadable": Rule(_("The file is damaged and cannot be read."), _("Export the file again.")),
    "file_no_workbook": Rule(_("This is no Excel file."), _("Save it as .xlsx in a spreadsheet program, or send CSV.")),
    "file_macros": Rule(_("The workbook contains macros."), _("Save it as .xlsx without macros.")),
    "file_external_links": Rule(_("The workbook has links to other files."), _("Replace the links by values.")),
    "file_bomb": Rule(
        _("The workbook is larger inside than allowed: {what} ({found}, limit {limit})."),
        _("Send the calls alone, in several files or as CSV."),
    ),
    "file_crashed": Rule(_("Reading the file stopped unexpectedly."), _("Export the file again, best as CSV.")),
    "file_memory": Rule(_("Reading the file needs more memory than allowed."), _("Split the file or send CSV.")),
    "file_too_slow": Rule(_("Reading the file took longer than {limit} s."), _("Split the file or send CSV.")),
    "encoding_invalid": Rule(
        _("The file is not valid {encoding} (first at byte {position}, line {line})."),
        _("Choose the encoding in the import profile."),
    ),
    "encoding_unknown": Rule(_("The encoding cannot be told."), _("Choose the encoding in the import profile.")),
    "sheet_missing": Rule(
        _("There is no sheet “{sheet}”; the file has: {found}."), _("Name the sheet in the profile.")
    ),
    "header_missing": Rule(_("The file has no header line {line}."), _("Send a header line with the column names.")),
    "header_columns": Rule(
        _("Columns are missing: {missing}. The header has: {found}."),
        _("Send the columns under these names, or change the import profile."),
    ),
    "header_duplicate": Rule(_("Columns appear twice: {found}."), _("Give every column its own name.")),
    "header_damaged": Rule(_("The header holds unreadable characters."), _("Choose the encoding in the profile.")),
    "vendor_differs": Rule(
        _("Line {line} belongs to vendor “{found}”, not to “{vendor}”."), _("Send one file per vendor.")
    ),
    "file_no_rows": Rule(
        _("The file has no rows: nothing stands below its header line."), _("Send a file with a header line and calls.")
    ),
    "rows_rejected": Rule(
        _("{rejected} of {read} rows have errors, and the import profile takes a file only without errors."),
        _("Correct the rows and send the whole file again."),
    ),
}

# Findings that do not stop a file but belong on its preview.
NOTES: dict[str, str] = {
    "columns_ignored": _("Columns that the import profile does not use: {columns}."),
    "rows_returned": _(
        "The columns {columns} at the end are those of a download of rejected rows; they were left out."
    ),
    "revision_same": _(
        "{count} rows have the revision of a call that was there already, but other content. Which of the two counts "
        "does not depend on their order; send corrections with a higher revision."
    ),
    "errors_cut": _("The file has more than {count} findings; only the first are kept."),
    "rows_blank": _("{count} blank rows were left out."),
    "rows_hidden": _("{count} rows are hidden in the sheet; they were read like the others."),
    "sheets_other": _("Other sheets were not read: {sheets}."),
    "encoding_guessed": _("The encoding was guessed: {encoding}. Check the texts before you confirm."),
    "file_incomplete": _("The file ends in the middle of a line; the last whole line is {line}."),
    "newline_missing": _("The last line does not end with a line break; make sure that the file is complete."),
}
