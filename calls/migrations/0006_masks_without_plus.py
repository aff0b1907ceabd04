from django.db import migrations

FORWARD = """
-- The owner is bound by the policies too: name every organization first.
SELECT set_config('app.vendor_ids', coalesce(
  (SELECT '{' || string_agg(id::text, ',') || '}' FROM accounts_organization), '{}'), true);
UPDATE calls_customer SET number_masked = regexp_replace(number_masked, '^[^[:alnum:]_•]+', '')
WHERE number_masked ~ '^[^[:alnum:]_•]';
SELECT set_config('app.vendor_ids', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0005_call_identity")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
