"""Policies may ask for certain customers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0021_campaign_walls")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="customers",
            field=models.JSONField(blank=True, default=dict, verbose_name="customers"),
        ),
    ]
