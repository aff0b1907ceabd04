-- Purpose: delete the marks that this transaction can see; a mark of an uncommitted writer stays for the next turn.
-- Grain: mark. Index: calls_mark_day.
DELETE FROM calls_mark m
USING unnest(%(contract_ids)s::int[], %(days)s::date[]) AS key (contract_id, day)
WHERE m.contract_id = key.contract_id AND m.day = key.day
