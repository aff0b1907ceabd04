"""Who may do what with calibration and scores."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.house import House
from tests.access.principals import Principal
from tests.access.things import Body, Things

TABLE = """
qa:score_list                           -                GET qa.view 200
qa:score_list?export=csv                -                GET qa.view 200
qa:score_list?by=agent&side=vendor      -                GET qa.view 200
api_qa_scores?form=CALIB&from=2026-06-01&to=2026-07-01&by=agent - GET qa.view 200
api_qa_kpis?from=2026-06-01&to=2026-07-01&interval=day - GET kpis.view!agent 200
"""
KINDS: dict[str, Callable[[House, Principal], Things]] = {}
BODIES: dict[str, Callable[[House, Principal], Body]] = {}
