"""Scores of groups stand for all conversations, not for those that were listened to most; what coaching came to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from calls.models import Call
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import activate
from qa import selectors, services
from qa.calc.forms import Family
from qa.models import Evaluation, Origin
from qa.selectors import Group
from tests.qa.house import ALL_YES, DAY, READY, House, house_make, own_view
from tests.world import World


@pytest.fixture
def house(world: World) -> House:
    found = house_make(world)
    found.calls(300)
    return found


def scored(house: House, scores: dict[str, int], **more: Any) -> None:
    """Score what was drawn, each agent's the same."""
    system = house.world.system
    with activate(system):
        rows = Evaluation.objects.visible_to(system).filter(draw__isnull=False, side="client")
        for code, earned in scores.items():
            rows.filter(agent__code=code).update(state="final", earned=earned, possible=100, **more)


def score_of(house: House, group: Group, name: str = "client_qa", **more: Any) -> dict[str, Any]:
    """Return the scores of a group by name."""
    scope = house.scope(name)
    asked: dict[str, Any] = {"side": "client", "form_code": "SERVICE", "first": DAY, "last": DAY + timedelta(days=9)}
    with activate(scope):
        rows = selectors.scores_by(scope=scope, group=group, **{**asked, **more})
    return {row.name: row for row in rows}


def test_the_vendor_s_score_is_that_of_its_conversations_and_not_of_the_sample(house: House) -> None:
    agents = [agent.code for agent in house.world.vendors["ANDES"].agents]
    truth = dict(zip(agents, (99, 85, 40), strict=True))
    house.drawn(house.plan(rate_percent=30, ends_on=DAY))
    scored(house, truth)
    day = DAY + timedelta(days=1)
    house.calls(300, day=day, mark="D")
    draw = house.drawn(house.plan(name="Adaptive", method="adaptive", starts_on=day), day)
    scored(house, truth)
    [found] = score_of(house, Group.VENDOR, first=day).values()
    sizes = {code: own["population"] for code, own in draw.quotas.items()}
    expected = Fraction(sum(truth[code] * size for code, size in sizes.items()), 100 * sum(sizes.values()))
    assert found.score.ratio == expected
    assert found.score.denominator == sum(sizes.values())
    # 6 of the best, 10 and 14 of the worst: the plain mean tells of the sample.
    assert found.score.naive == Fraction(6 * 99 + 10 * 85 + 14 * 40, 100 * 30)
    assert expected - found.score.naive > Fraction(5, 100)


def test_scores_are_told_of_each_group_and_never_mixed_between_the_sides(house: House) -> None:
    house.drawn(house.plan(side="both"))
    codes = [agent.code for agent in house.world.vendors["ANDES"].agents]
    scored(house, dict(zip(codes, (90, 80, 70), strict=True)), families={"customer": True, "business": False})
    by_agent = score_of(house, Group.AGENT)
    assert [row.score.ratio for row in by_agent.values()] == [Fraction(9, 10), Fraction(8, 10), Fraction(7, 10)]
    [team] = score_of(house, Group.TEAM).values()
    assert team.accuracy[Family.CUSTOMER].numerator == 0
    assert team.accuracy[Family.BUSINESS].numerator == team.accuracy[Family.BUSINESS].denominator == 25
    assert len(score_of(house, Group.QUEUE)) == 2
    assert score_of(house, Group.VENDOR, side="vendor") == {}
    # The vendor still evaluates the same calls for itself, so it is told nothing of them.
    assert score_of(house, Group.VENDOR, "andes_vendor_qa") == {}
    assert score_of(house, Group.VENDOR, "boral_vendor_qa") == {}


def test_what_somebody_picked_by_hand_is_in_no_group_s_score(house: House) -> None:
    house.drawn(house.plan())
    codes = [agent.code for agent in house.world.vendors["ANDES"].agents]
    scored(house, dict.fromkeys(codes, 80))
    system, client = house.world.system, house.scope("client_qa")
    with activate(client):
        drawn = set(Evaluation.objects.visible_to(client).values_list("reference", flat=True))
        call = Call.objects.visible_to(client).exclude(external_id__in=drawn).filter(agent__isnull=False).first()
        assert call is not None
        asked: dict[str, Any] = {"scope": client, "call": call, "form": house.forms["ANDES"]}
        chosen = services.evaluation_choose(**asked)
        with pytest.raises(Conflict, match="already"):
            services.evaluation_choose(**asked)
        with pytest.raises(Invalid) as refusal:
            services.evaluation_choose(**{**asked, "form": house.forms["BORAL"]})
        assert list(refusal.value.fields) == ["form"]
    assert (chosen.origin, chosen.draw_id, chosen.day) == (Origin.CHOSEN, None, DAY)
    with activate(system):
        Evaluation.objects.visible_to(system).filter(pk=chosen.pk).update(state="final", earned=0, possible=100)
    [found] = score_of(house, Group.VENDOR).values()
    assert found.score.ratio == Fraction(8, 10)


def test_coaching_follows_from_lost_points_and_is_shown_by_a_later_call(house: House) -> None:
    house.drawn(house.plan(side="both"))
    done = house.released("client_qa", {"tone": "p3", "confirm": "no"})
    own_view(house, done.reference)
    lead = house.scope("andes_vendor_supervisor")
    give: dict[str, Any] = {
        "scope": lead,
        "evaluation": done.uuid,
        "text": "Confirm twice",
        "due_on": date(2026, 6, 20),
    }
    with activate(lead):
        for change, field in (
            ({"text": " "}, "text"),
            ({"due_on": date(2026, 6, 1)}, "due_on"),
            ({"questions": ["greeting"]}, "questions"),
        ):
            with pytest.raises(Invalid) as refusal:
                services.coaching_give(**{**give, **change})
            assert list(refusal.value.fields) == [field]
        task = services.coaching_give(**give)
        assert sorted(task.questions) == ["confirm", "tone"]
    house.calls(30, day=DAY + timedelta(days=2), mark="E")
    later = house.scope("andes_vendor_supervisor", READY + timedelta(days=3))
    with activate(later):
        calls = Call.objects.visible_to(later).filter(agent=task.agent, outcome=1)
        asked: dict[str, Any] = {"scope": later, "form": house.forms["ANDES"], "coaching": task.uuid}
        before = calls.filter(external_id__startswith="C").first()
        assert before is not None
        with pytest.raises(Invalid, match="mend"):
            services.evaluation_choose(**asked, call=before)
        after = calls.filter(external_id__startswith="E").first()
        assert after is not None
        again = services.evaluation_choose(**asked, call=after)
        taken = services.evaluation_take(scope=later, uuid=again.uuid)
        assert taken is not None
        sheet = services.Sheet(ALL_YES)
        assert services.evaluation_submit(scope=later, uuid=again.uuid, sheet=sheet).earned == Decimal(100)
        ended = services.coaching_end(scope=later, uuid=task.uuid, expected_version=1, outcome="Confirms twice now")
        assert ended.done_by == "andes_vendor_supervisor"
        with pytest.raises(Conflict, match="ended"):
            services.coaching_end(scope=later, uuid=task.uuid, expected_version=2, outcome="again")
    agent, rival = house.scope("andes_agent"), house.scope("boral_vendor_manager")
    with activate(agent), pytest.raises(Forbidden):
        services.coaching_give(**{**give, "scope": agent})
    with activate(rival), pytest.raises(NotFound):
        services.coaching_end(scope=rival, uuid=task.uuid, expected_version=1, outcome="x")
