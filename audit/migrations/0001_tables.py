"""The audit book."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("audit", "0001_initial")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("vendor_id", models.IntegerField(editable=False)),
                ("sequence", models.BigIntegerField()),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.CharField(max_length=150)),
                ("side", models.CharField(max_length=6)),
                ("role", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=60)),
                ("object_type", models.CharField(blank=True, max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=60)),
                ("object_label", models.CharField(blank=True, max_length=200)),
                ("changes", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=32)),
                ("previous_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vendor_id", "object_type", "object_id"], name="audit_entry_object"),
                    models.Index(fields=["vendor_id", "at"], name="audit_entry_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("vendor_id", "sequence"), name="audit_entry_sequence")],
            },
        ),
    ]
