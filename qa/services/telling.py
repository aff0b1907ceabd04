"""Who hears of what happened to an evaluation or a coaching task, and which programs."""

from __future__ import annotations

from datetime import timedelta

from accounts import selectors as accounts
from accounts.calc.notices import News
from accounts.services import event_publish, notices_send
from core.periods import local_day
from core.scope import CLIENT, VENDOR, Scope, activate
from qa.calc.states import OPEN, TOLD, State
from qa.models import CoachingTask, Evaluation
from qa.services.steps import DISPUTE_WITHIN

# Who answers for the evaluated people, and who for the evaluators of each side.
LEADS = ("vendor_supervisor", "vendor_qa")
REVIEWERS = {CLIENT: ("programme_manager", "client_qa"), VENDOR: ("vendor_manager", "vendor_qa")}
# Tasks told of in one transaction.
SLICE = 200


def released_tell(scope: Scope, evaluation: Evaluation) -> None:
    """Tell the agent and its leads of a released evaluation; nobody yet while the leads are to say what they think."""
    if evaluation.side != CLIENT:
        _send(scope, evaluation, _agent(scope, evaluation), "evaluation_released", f"{evaluation.uuid}:released")
    elif not _waits_for_vendor(scope, evaluation):
        _vendor_tell(scope, evaluation)
    _publish(scope, evaluation, "evaluation.released")


def own_view_tell(scope: Scope, evaluation: Evaluation) -> None:
    """Tell a vendor of the client's view of a conversation, once its own is given or left out; its time begins now."""
    if evaluation.side != VENDOR:
        return
    told = Evaluation.objects.visible_to(scope).filter(
        vendor_id=evaluation.vendor_id,
        contract_id=evaluation.contract_id,
        kind=evaluation.kind,
        reference=evaluation.reference,
        side=CLIENT,
        state__in=sorted(TOLD),
    )
    for other in told:
        if not _waits_for_vendor(scope, other):
            if other.state == State.RELEASED:
                told.filter(pk=other.pk).update(dispute_until=scope.at + DISPUTE_WITHIN)
            _vendor_tell(scope, other)


def _vendor_tell(scope: Scope, evaluation: Evaluation) -> None:
    people = _agent(scope, evaluation)
    people |= set(accounts.recipients_in_roles(scope=scope, vendor_id=evaluation.vendor_id, roles=LEADS))
    _send(scope, evaluation, people, "evaluation_released", f"{evaluation.uuid}:released")


def disputed_tell(scope: Scope, evaluation: Evaluation) -> None:
    """Tell those who may decide a dispute, and the evaluator."""
    people = set(
        accounts.recipients_in_roles(
            scope=scope, vendor_id=evaluation.vendor_id, roles=REVIEWERS[evaluation.side]
        )
    )  # fmt: skip
    if evaluation.evaluator_id is not None:
        people |= accounts.recipients_active(scope=scope, user_ids=[evaluation.evaluator_id])
    _send(scope, evaluation, people, "evaluation_disputed", f"{evaluation.uuid}:disputed")
    _publish(scope, evaluation, "evaluation.disputed")


def decided_tell(scope: Scope, evaluation: Evaluation, *, is_revised: bool) -> None:
    """Tell everybody who has to do with it what became of a dispute."""
    people = _agent(scope, evaluation)
    people |= set(accounts.recipients_in_roles(scope=scope, vendor_id=evaluation.vendor_id, roles=LEADS))
    if evaluation.evaluator_id is not None:
        people |= accounts.recipients_active(scope=scope, user_ids=[evaluation.evaluator_id])
    _send(scope, evaluation, people, "evaluation_decided", f"{evaluation.uuid}:decided")
    _publish(scope, evaluation, "evaluation.revised" if is_revised else "evaluation.declined")


def coaching_tell(scope: Scope, task: CoachingTask) -> None:
    """Tell an agent that there is something to practice."""
    people = accounts.recipients_of_agents(scope=scope, vendor_id=task.vendor_id, agent_ids=[task.agent_id])
    parameters: dict[str, str | int] = {"agent": task.agent.name, "due_on": task.due_on.isoformat()}
    news = News(task.vendor_id, set(people.values()) - {scope.user_id}, "coaching", "coaching_given",
                f"{task.uuid}:given", parameters, f"/qa/coaching/{task.uuid}/")  # fmt: skip
    notices_send(scope=scope, news=[news])


def coaching_due(*, scope: Scope) -> int:
    """Tell of tasks whose day has passed without an end: each once, however late and however often this looks.

    Returns:
        Number of tasks told of, some at a time; 0 when none is left.
    """
    with activate(scope):
        # A day earlier or later by the zone of a contract; the exact day is asked of each.
        ahead = local_day(scope.at, "UTC") + timedelta(days=1)
        rows = CoachingTask.objects.visible_to(scope).filter(done_at=None, reminded_at=None, due_on__lt=ahead)
        rows = rows.select_related("agent", "evaluation__contract").order_by("due_on", "pk")
        late = [
            task
            for task in rows.select_for_update(of=("self",), skip_locked=True)[:SLICE]
            if task.due_on < local_day(scope.at, task.evaluation.contract.zone)
        ]
        notices_send(scope=scope, news=[_due_news(scope, task) for task in late])
        told = CoachingTask.objects.visible_to(scope).filter(pk__in=[task.pk for task in late])
        return told.update(reminded_at=scope.at)


def _due_news(scope: Scope, task: CoachingTask) -> News:
    agents = accounts.recipients_of_agents(scope=scope, vendor_id=task.vendor_id, agent_ids=[task.agent_id])
    leads = accounts.recipients_in_roles(scope=scope, vendor_id=task.vendor_id, roles=LEADS)
    parameters: dict[str, str | int] = {"agent": task.agent.name, "due_on": task.due_on.isoformat()}
    path = f"/qa/coaching/{task.uuid}/"
    people = {*agents.values(), *leads}
    return News(task.vendor_id, people, "coaching", "coaching_due", f"{task.uuid}:due", parameters, path)


def _agent(scope: Scope, evaluation: Evaluation) -> set[int]:
    if evaluation.agent_id is None:
        return set()
    found = accounts.recipients_of_agents(scope=scope, vendor_id=evaluation.vendor_id, agent_ids=[evaluation.agent_id])
    return set(found.values())


def _waits_for_vendor(scope: Scope, evaluation: Evaluation) -> bool:
    """Return whether the vendor still has to evaluate the conversation, and so must not know the client's view."""
    own = Evaluation.objects.visible_to(scope).filter(
        vendor_id=evaluation.vendor_id,
        contract_id=evaluation.contract_id,
        kind=evaluation.kind,
        reference=evaluation.reference,
        side=VENDOR,
        state__in=sorted(OPEN),
    )
    return own.exists()


def _send(scope: Scope, evaluation: Evaluation, people: set[int], message: str, key: str) -> None:
    parameters: dict[str, str | int] = {"evaluation": str(evaluation), "conversation": evaluation.reference}
    path = f"/qa/evaluations/{evaluation.uuid}/"
    told = people - {scope.user_id}
    notices_send(scope=scope, news=[News(evaluation.vendor_id, told, "evaluation", message, key, parameters, path)])


def _publish(scope: Scope, evaluation: Evaluation, name: str) -> None:
    event_publish(
        scope=scope,
        vendor_id=evaluation.vendor_id,
        name=name,
        key=f"{evaluation.uuid}:{name.partition('.')[2]}",
        payload={"evaluation": str(evaluation.uuid), "number": evaluation.number, "state": evaluation.state},
    )
