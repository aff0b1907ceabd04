"""KPIs that are measured in higher rooms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_incident_walls")]
    operations = [
        migrations.CreateModel(
            name="MeasuredDay",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract_id", models.IntegerField()),
                ("day", models.DateField()),
                ("kpi", models.CharField(max_length=40)),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "contract_id", "kpi", "day"), name="sla_measuredday_day"),
                    models.CheckConstraint(condition=models.Q(denominator__gt=0), name="sla_measuredday_base"),
                ],
            },
        ),
    ]
