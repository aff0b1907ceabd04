"""The user names that a vendor gives end with its code."""

from django.db import migrations

# The owner stands before the policies like everybody: it says that all rows are meant, for this transaction.
FILL = """
SELECT set_config(
  'app.vendor_ids', '{' || (SELECT coalesce(string_agg(id::text, ','), '') FROM accounts_organization) || '}', true
);
UPDATE accounts_organization SET handle = lower(vendors_vendor.code)
FROM vendors_vendor WHERE vendors_vendor.vendor_id = accounts_organization.id;
SELECT set_config('app.vendor_ids', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_name_endings"),
        ("vendors", "0005_closed_organizations"),
    ]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
