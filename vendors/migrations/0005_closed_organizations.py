"""Vendors that were deactivated before that shut their organizations."""

from django.db import migrations

# The owner stands before the policies like everybody: it says that all rows are meant, for this transaction.
CLOSE = """
SELECT set_config(
  'app.vendor_ids', '{' || (SELECT coalesce(string_agg(id::text, ','), '') FROM accounts_organization) || '}', true
);
UPDATE accounts_organization SET is_active = false
FROM vendors_vendor WHERE vendors_vendor.vendor_id = accounts_organization.id AND NOT vendors_vendor.is_active;
SELECT set_config('app.vendor_ids', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_organization_doors"),
        ("vendors", "0004_no_client_row"),
    ]
    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
