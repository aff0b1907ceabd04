"""The client has no row among the vendors; nothing ever belonged to it."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("vendors", "0003_codes"),
    ]

    operations = [
        migrations.RemoveField(model_name="vendor", name="is_client"),
    ]
