"""Telephone numbers of customers whom campaigns call; their last digits, which may be shown, tell whose they are."""

from __future__ import annotations

NUMBERS = {
    "ANDES": [f"+8613900007{number}" for number in range(351, 360)],
    "BORAL": [f"+8613900008{number}" for number in range(451, 460)],
    "CLIENT": ["+8613900009991"],
}
