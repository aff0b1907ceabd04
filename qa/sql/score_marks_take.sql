-- Purpose: take marked days off the list, the oldest marks first, all marks of a day at once. Grain: contract x day.
-- Index: primary key; the list is short, for a tick empties it.
WITH taken AS (
  DELETE FROM qa_scoremark m
  USING (
    SELECT contract_id, day FROM qa_scoremark WHERE vendor_id = ANY (%(vendor_ids)s)
    GROUP BY contract_id, day ORDER BY min(id) LIMIT %(most)s
  ) k
  WHERE m.contract_id = k.contract_id AND m.day = k.day
  RETURNING m.vendor_id, m.contract_id, m.day
)
SELECT DISTINCT vendor_id, contract_id, day FROM taken ORDER BY 1, 2, 3
