-- Purpose: that a kind of background work has looked at every organization just now. Grain: organization x work.
INSERT INTO sla_sweep (vendor_id, name, looked_at, findings)
SELECT vendor_id, %(name)s, %(at)s, %(findings)s::jsonb FROM vendors_vendor ORDER BY vendor_id
ON CONFLICT (vendor_id, name) DO UPDATE SET looked_at = excluded.looked_at, findings = excluded.findings
