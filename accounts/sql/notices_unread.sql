-- Purpose: how many lines of unread notices somebody has: kinds that are collected count once for each organization.
-- Index: accounts_notice_unread holds unread ones only.
SELECT count(*) FROM (
  SELECT DISTINCT n.vendor_id, n.kind, CASE WHEN p.mode = 'digest' THEN 0 ELSE n.id END
  FROM accounts_notice n
  LEFT JOIN accounts_noticepreference p
    ON p.vendor_id = %(organization_id)s AND p.user_id = n.recipient_id AND p.kind = n.kind
  WHERE n.vendor_id = ANY (%(vendor_ids)s) AND n.recipient_id = %(user_id)s AND n.read_at IS NULL
    AND n.kind = ANY (%(kinds)s) AND coalesce(p.mode, 'now') <> 'muted'
  LIMIT %(most)s
) line
