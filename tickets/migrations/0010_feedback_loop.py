"""The way to the department is timed and told of once, the loop can be reopened, signals keep their numbers."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0005_call_identity"),
        ("contracts", "0004_firmer_walls"),
        ("tickets", "0007_newest"),
        ("vendors", "0005_closed_organizations"),
    ]

    operations = [
        migrations.CreateModel(
            name="VoiceSignal",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("week", models.DateField(verbose_name="week")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                ("calls", models.IntegerField(verbose_name="calls")),
                ("satisfied", models.IntegerField(verbose_name="satisfied")),
                ("answers", models.IntegerField(verbose_name="answers")),
                ("days_before", models.PositiveSmallIntegerField(verbose_name="days before")),
                ("calls_before", models.IntegerField(verbose_name="calls before")),
                ("satisfied_before", models.IntegerField(verbose_name="satisfied before")),
                ("answers_before", models.IntegerField(verbose_name="answers before")),
                ("rise_probability", models.FloatField(verbose_name="chance of such a rise")),
                ("fall_probability", models.FloatField(verbose_name="chance of such a fall")),
                ("raised_at", models.DateTimeField(verbose_name="reported")),
            ],
        ),
        migrations.RemoveIndex(
            model_name="feedback",
            name="tickets_feedback_waits",
        ),
        migrations.AddField(
            model_name="feedback",
            name="late_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="reported as late"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="reopen_reason",
            field=models.TextField(blank=True, verbose_name="why it was reopened"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="reopened_count",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="reopened"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="customer told on"),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="route_due_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="to be passed on by"),
        ),
        migrations.AlterField(
            model_name="feedback",
            name="state",
            field=models.CharField(
                choices=[
                    ("noted", "noted"),
                    ("registered", "registered"),
                    ("routed", "with the department"),
                    ("answered", "answered by the department"),
                    ("closed", "loop closed"),
                ],
                default="registered",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(fields=["vendor", "route_due_at"], name="tickets_feedback_due"),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(fields=["vendor", "routed_at"], name="tickets_feedback_passed"),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("late_at__isnull", True), ("routed_at__isnull", True)),
                fields=["route_due_at"],
                name="tickets_feedback_waits",
            ),
        ),
        migrations.AddField(
            model_name="voicesignal",
            name="contract",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="voicesignal",
            name="reason",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calls.callreason",
            ),
        ),
        migrations.AddField(
            model_name="voicesignal",
            name="vendor",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vendors.vendor",
            ),
        ),
        migrations.AddConstraint(
            model_name="voicesignal",
            constraint=models.UniqueConstraint(
                fields=("vendor", "contract", "reason", "week"), name="tickets_voicesignal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="voicesignal",
            constraint=models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_voicesignal_uuid"),
        ),
    ]
