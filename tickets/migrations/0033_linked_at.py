"""When two tickets were linked; unknown for links that were made before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0032_policy_customers")]

    operations = [
        migrations.AddField(
            model_name="ticketlink",
            name="linked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
