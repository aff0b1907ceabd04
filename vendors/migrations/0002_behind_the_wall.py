"""Vendors behind the wall."""

from django.db import migrations

from core.walls import walls

TABLES = ("vendors_vendor", "vendors_site", "vendors_queue", "vendors_agent")
REFERENCES = (("vendors_agent", "site_id", "vendors_site"),)


class Migration(migrations.Migration):
    replaces = [("vendors", "0002_walls"), ("vendors", "0005_closed_organizations"), ("vendors", "0006_name_endings")]
    dependencies = [("vendors", "0001_tables"), ("accounts", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, references=REFERENCES)]
