"""Clocks know which day their KPI counts on, and days whose clocks changed are marked."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_feedback_walls")]
    operations = [
        migrations.AddField("ticketclock", "breach_at", models.DateTimeField(null=True)),
        migrations.AddField("ticketclock", "counted_at", models.DateTimeField(null=True)),
        migrations.AddField("ticketclock", "overrun_seconds", models.PositiveIntegerField(default=0)),
        migrations.RemoveIndex("ticketclock", "tickets_clock_stopped"),
        migrations.AddIndex(
            "ticketclock",
            models.Index(
                fields=["breach_at"],
                name="tickets_clock_breach",
                condition=Q(stopped_at__isnull=True, counted_at__isnull=True, breach_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "ticketclock",
            models.Index(
                fields=["vendor", "counted_at"], name="tickets_clock_counted", condition=Q(counted_at__isnull=False)
            ),
        ),
        migrations.CreateModel(
            name="DayMark",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
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
            options={"abstract": False},
        ),
    ]
