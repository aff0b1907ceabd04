"""Notices, wishes, webhooks and the outbox behind the wall; what a webhook was told goes with it."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('accounts_delivery', 'webhook_id', 'accounts_webhook', 'CASCADE');
SELECT tenant_protect('accounts_notice');
SELECT tenant_protect('accounts_noticepreference');
SELECT tenant_protect('accounts_webhook');
SELECT tenant_protect('accounts_delivery');
"""
REVERSE = """
DROP POLICY tenant ON accounts_delivery;
DROP POLICY tenant ON accounts_webhook;
DROP POLICY tenant ON accounts_noticepreference;
DROP POLICY tenant ON accounts_notice;
ALTER TABLE accounts_delivery DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_webhook DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_noticepreference DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_notice DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts_delivery DROP CONSTRAINT accounts_delivery_webhook_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_notices")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
