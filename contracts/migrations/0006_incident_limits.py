"""A version says how long an incident may take to be located and to be restored; so far it was an hour and four."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_signed_term")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="incident_locate_minutes",
            field=models.PositiveIntegerField(db_default=60, default=60, verbose_name="incidents located within (min)"),
        ),
        migrations.AddField(
            model_name="version",
            name="incident_restore_minutes",
            field=models.PositiveIntegerField(
                db_default=240, default=240, verbose_name="incidents restored within (min)"
            ),
        ),
    ]
