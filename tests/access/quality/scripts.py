"""Who may do what with scripts and live assist."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things

TABLE = """
tickets:script_list                     -                GET campaigns.view 200
tickets:script_list?export=csv          -                GET campaigns.view 200
tickets:script_create                   -                GET campaigns.edit 200    POST campaigns.edit 302
tickets:script_detail                   script           GET campaigns.view 200
tickets:script_detail                   waiting_script   GET campaigns.view 200
tickets:script_review                   waiting_script   POST scripts.review 302
audit:history                           history_script   GET campaigns.view 200
api_scripts                             -                GET campaigns.view 200    POST campaigns.edit 201
api_script                              waiting_script   GET campaigns.view 200
api_script_review                       waiting_script   POST scripts.review 200
"""
KINDS: dict[str, Callable[[House, Principal], Things]] = {}
BODIES: dict[str, Callable[[House, Principal], Body]] = {}
