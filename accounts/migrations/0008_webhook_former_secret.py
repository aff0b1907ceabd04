"""A webhook's former secret signs beside the new one for a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_name_endings")]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="former_secret_encrypted",
            field=models.BinaryField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="former_until",
            field=models.DateTimeField(editable=False, null=True, verbose_name="the former secret signs until"),
        ),
    ]
