"""An organization may be shut, and may want a second step of its people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_roles_in_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="is_active",
            field=models.BooleanField(default=True, editable=False, verbose_name="active"),
        ),
        migrations.AddField(
            model_name="organization",
            name="mfa_required",
            field=models.BooleanField(default=False, verbose_name="second step required"),
        ),
    ]
