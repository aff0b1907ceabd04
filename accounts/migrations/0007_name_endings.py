"""Each vendor gives user names with an ending of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_notice_walls")]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="handle",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                models.F("handle"),
                condition=models.Q(("handle", ""), _negated=True),
                name="accounts_organization_handle",
            ),
        ),
    ]
