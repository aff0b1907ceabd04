-- Purpose: that the days were computed, from how many calls, under which version. Grain: contract x day.
INSERT INTO sla_contractday (contract_id, vendor_id, day, definition_version_id, calls, computed_at)
SELECT key.contract_id, key.vendor_id, key.day, max(f.version_id), coalesce(sum(f.calls), 0), clock_timestamp()
FROM unnest(%(contract_ids)s::int[], %(vendor_ids)s::int[], %(days)s::date[]) AS key (contract_id, vendor_id, day)
LEFT JOIN sla_fresh f ON f.contract_id = key.contract_id AND f.day = key.day AND f.grain = 3
GROUP BY key.contract_id, key.vendor_id, key.day
