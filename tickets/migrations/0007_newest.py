"""The newest tickets, and those that something happened to lately, are found without sorting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_counted_walls")]
    operations = [
        migrations.AddIndex("ticket", models.Index(fields=["-opened_at", "-id"], name="tickets_ticket_newest")),
        migrations.AddIndex("ticketevent", models.Index(fields=["vendor", "at"], name="tickets_event_at")),
    ]
