-- Purpose: mark the computed days of signed versions that were not applied yet. Grain: contract x day; returns versions.
WITH fresh AS (
  INSERT INTO sla_appliedversion (contract_version_id, vendor_id, at)
  SELECT v.id, v.vendor_id, %(at)s FROM contracts_version v
  WHERE v.state = 'signed' AND NOT EXISTS (SELECT FROM sla_appliedversion a WHERE a.contract_version_id = v.id)
  ON CONFLICT DO NOTHING
  RETURNING contract_version_id
), marked AS (
  INSERT INTO calls_mark (contract_id, vendor_id, day, at)
  SELECT DISTINCT d.contract_id, d.vendor_id, d.day, %(at)s::timestamptz
  FROM fresh
  JOIN contracts_version v ON v.id = fresh.contract_version_id
  JOIN (
    SELECT contract_id, vendor_id, day FROM sla_contractday
    -- A day that is being computed right now for the first time has no row yet, but its mark is still visible.
    UNION SELECT contract_id, vendor_id, day FROM calls_mark
  ) d ON d.contract_id = v.contract_id AND d.day >= v.effective_from
)
SELECT contract_version_id FROM fresh
