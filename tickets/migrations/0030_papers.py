"""Files, the client's own remarks, incidents of tickets, transfers, kept views; the list's order as an index."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0005_call_identity"),
        ("contracts", "0004_firmer_walls"),
        ("sla", "0007_measured_walls"),
        ("tickets", "0011_voice_walls"),
        ("vendors", "0005_closed_organizations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("ticket_uuid", models.UUIDField()),
                ("sequence", models.PositiveIntegerField(null=True)),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("size_bytes", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.BinaryField(max_length=32)),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("received_by", models.CharField(max_length=150, verbose_name="received from")),
                ("received_by_id", models.IntegerField(null=True)),
                ("side", models.CharField(choices=[("client", "client"), ("vendor", "vendor")], max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name="ClientRemark",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("ticket_uuid", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(blank=True, max_length=150)),
                ("actor_id", models.IntegerField(null=True)),
                ("text", models.TextField(verbose_name="text")),
            ],
        ),
        migrations.CreateModel(
            name="FirstView",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("user_id", models.IntegerField(editable=False)),
                ("view", models.CharField(max_length=36)),
            ],
        ),
        migrations.CreateModel(
            name="TicketIncident",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("linked_at", models.DateTimeField()),
                ("is_automatic", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="TicketView",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("owner_id", models.IntegerField(editable=False)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=1000)),
                ("is_shared", models.BooleanField(default=False, verbose_name="for everybody in my organization")),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("first_uuid", models.UUIDField()),
                ("second_uuid", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="tickets_ticket_due",
        ),
        migrations.AddField(
            model_name="ticket",
            name="handler_role",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "new"),
                    ("assigned", "assigned"),
                    ("in_progress", "in progress"),
                    ("pending_customer", "waits for the customer"),
                    ("pending_third_party", "waits for a third party"),
                    ("resolved", "resolved"),
                    ("callback_due", "callback due"),
                    ("archived", "archived"),
                    ("merged", "merged"),
                    ("canceled", "canceled"),
                    ("transferred", "taken over by the client"),
                ],
                default="new",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("new", "new"),
                    ("assigned", "assigned"),
                    ("in_progress", "in progress"),
                    ("pending_customer", "waits for the customer"),
                    ("pending_third_party", "waits for a third party"),
                    ("resolved", "resolved"),
                    ("callback_due", "callback due"),
                    ("archived", "archived"),
                    ("merged", "merged"),
                    ("canceled", "canceled"),
                    ("transferred", "taken over by the client"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["vendor", "next_due_at", "-ended_at", "opened_at", "id"],
                name="tickets_ticket_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["next_due_at", "-ended_at", "opened_at", "id"],
                name="tickets_ticket_pressing",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_attachment_uuid"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "ticket_uuid", "sha256", "file_name"), name="tickets_attachment_once"
            ),
        ),
        migrations.AddIndex(
            model_name="clientremark",
            index=models.Index(fields=["vendor_id", "ticket_uuid", "at"], name="tickets_clientremark_of"),
        ),
        migrations.AddConstraint(
            model_name="clientremark",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_clientremark_uuid"),
        ),
        migrations.AddConstraint(
            model_name="firstview",
            constraint=models.UniqueConstraint(fields=("vendor_id", "user_id"), name="tickets_firstview_one"),
        ),
        migrations.AddField(
            model_name="ticketincident",
            name="incident",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sla.incident"
            ),
        ),
        migrations.AddField(
            model_name="ticketincident",
            name="ticket",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="incident_links",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketincident",
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
            model_name="ticketview",
            constraint=models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_ticketview_uuid"),
        ),
        migrations.AddConstraint(
            model_name="ticketview",
            constraint=models.UniqueConstraint(
                fields=("vendor_id", "owner_id", "name"), name="tickets_ticketview_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("vendor_id", "first_uuid"), name="tickets_transfer_first"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("vendor_id", "second_uuid"), name="tickets_transfer_second"),
        ),
        migrations.AddIndex(
            model_name="ticketincident",
            index=models.Index(fields=["vendor", "incident"], name="tickets_ticketincident_of"),
        ),
        migrations.AddConstraint(
            model_name="ticketincident",
            constraint=models.UniqueConstraint(
                fields=("vendor", "ticket", "incident"), name="tickets_ticketincident_once"
            ),
        ),
    ]
