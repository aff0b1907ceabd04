"""Tickets with their clocks, feedback and campaigns."""

import uuid

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import tickets.calc.clocks
import tickets.calc.outbound
import tickets.calc.states


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0001_initial"),
        ("tickets", "0003_feedback"),
        ("tickets", "0005_counted"),
        ("tickets", "0007_newest"),
        ("tickets", "0010_feedback_loop"),
        ("tickets", "0020_campaigns"),
        ("tickets", "0030_papers"),
        ("tickets", "0032_policy_customers"),
        ("tickets", "0033_linked_at"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("calls", "0001_tables"),
        ("contracts", "0001_tables"),
        ("qa", "0009_scripts"),
        ("sla", "0001_tables"),
        ("vendors", "0001_tables"),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_attachment_uuid"),
                    models.UniqueConstraint(
                        fields=("vendor_id", "ticket_uuid", "sha256", "file_name"), name="tickets_attachment_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("zone", models.CharField(max_length=40, verbose_name="time zone")),
                ("service_hours", models.JSONField(default=dict, verbose_name="windows")),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Empty for none but your own.",
                        max_length=2,
                        verbose_name="public holidays of",
                    ),
                ),
                ("subdivision", models.CharField(blank=True, max_length=10, verbose_name="region")),
                ("exceptions", models.JSONField(blank=True, default=dict, verbose_name="own days")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                    models.UniqueConstraint(
                        fields=("vendor", "name"),
                        name="tickets_calendar_name",
                        violation_error_message="Another calendar has this name.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_calendar_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_calendar_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            (tickets.calc.outbound.Purpose["SALES"], "sales"),
                            (tickets.calc.outbound.Purpose["NOTICE"], "notice"),
                            (tickets.calc.outbound.Purpose["SATISFACTION"], "satisfaction"),
                            (tickets.calc.outbound.Purpose["COLLECTION"], "collection"),
                            (tickets.calc.outbound.Purpose["CALLBACK"], "callback"),
                        ],
                        max_length=14,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "goal",
                    models.CharField(
                        blank=True,
                        help_text="What counts as a success, in the client’s words.",
                        max_length=300,
                        verbose_name="goal",
                    ),
                ),
                ("goal_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="successes wanted")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (tickets.calc.outbound.CampaignState["DRAFT"], "draft"),
                            (tickets.calc.outbound.CampaignState["LIVE"], "live"),
                            (tickets.calc.outbound.CampaignState["PAUSED"], "paused"),
                            (tickets.calc.outbound.CampaignState["ENDED"], "ended"),
                        ],
                        default=tickets.calc.outbound.CampaignState["DRAFT"],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("service_hours", models.JSONField(default=dict, verbose_name="call windows")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="public holidays of")),
                (
                    "max_attempts",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="most attempts",
                    ),
                ),
                ("gap_seconds", models.PositiveIntegerField(default=14400, verbose_name="between two attempts")),
                (
                    "per_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="most attempts a day",
                    ),
                ),
                ("hold_seconds", models.PositiveIntegerField(default=1800, verbose_name="time for one contact")),
                (
                    "sample_limit",
                    models.PositiveIntegerField(
                        default=200,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="most callers chosen at once",
                    ),
                ),
                (
                    "resurvey_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(730)],
                        verbose_name="days until somebody is asked again",
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
                        verbose_name="queue",
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
                (
                    "script",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="qa.script",
                        verbose_name="script",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "name"),
                        name="tickets_campaign_name",
                        violation_error_message="Another campaign has this name.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_campaign_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_campaign_key"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="tickets_campaign_days",
                        violation_error_message="The last day lies before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", tickets.calc.outbound.CampaignState["LIVE"]), _negated=True),
                            ("script__isnull", False),
                            _connector="OR",
                        ),
                        name="tickets_campaign_scripted",
                    ),
                ],
            },
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
            options={
                "indexes": [models.Index(fields=["vendor_id", "ticket_uuid", "at"], name="tickets_clientremark_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_clientremark_uuid")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactImport",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "page"), ("api", "API"), ("callers", "callers of the last two days")],
                        max_length=8,
                        verbose_name="way in",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("received_by", models.CharField(max_length=150, verbose_name="received by")),
                ("received_side", models.CharField(max_length=6)),
                ("rows_read", models.PositiveIntegerField(default=0, verbose_name="rows read")),
                ("rows_new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("rows_merged", models.PositiveIntegerField(default=0, verbose_name="known already")),
                ("rows_blocked", models.PositiveIntegerField(default=0, verbose_name="not to be called")),
                ("rows_rejected", models.PositiveIntegerField(default=0, verbose_name="rejected")),
                ("problems", models.JSONField(blank=True, default=list, verbose_name="rejected rows")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="tickets.campaign",
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_contactimport_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_contactimport_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows_read",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("rows_new"), "+", models.F("rows_merged")
                                        ),
                                        "+",
                                        models.F("rows_blocked"),
                                    ),
                                    "+",
                                    models.F("rows_rejected"),
                                ),
                            )
                        ),
                        name="tickets_contactimport_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("reference", models.CharField(blank=True, max_length=64, verbose_name="reference")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("zone", models.CharField(blank=True, max_length=40, verbose_name="time zone")),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (tickets.calc.outbound.ContactState["OPEN"], "to be called"),
                            (tickets.calc.outbound.ContactState["DONE"], "done"),
                            (tickets.calc.outbound.ContactState["EXHAUSTED"], "not reached"),
                            (tickets.calc.outbound.ContactState["BLOCKED"], "not to be called"),
                        ],
                        default=tickets.calc.outbound.ContactState["OPEN"],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts_count", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due_at", models.DateTimeField(null=True, verbose_name="to be called from")),
                ("is_promised", models.BooleanField(default=False, verbose_name="promised")),
                ("held_until", models.DateTimeField(editable=False, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="tickets.campaign",
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
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.contactimport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", tickets.calc.outbound.ContactState["OPEN"])),
                        fields=["vendor", "campaign", "-is_promised", "due_at", "id"],
                        name="tickets_contact_next",
                    ),
                    models.Index(fields=["vendor", "customer_key"], name="tickets_contact_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "campaign", "customer_key"), name="tickets_contact_once"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_contact_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_contact_key"),
                ],
            },
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
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DoNotCall",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("number_encrypted", models.BinaryField()),
                ("number_masked", models.CharField(editable=False, max_length=40, verbose_name="number")),
                ("is_for_all", models.BooleanField(default=False, verbose_name="holds for every vendor")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "source",
                    models.CharField(
                        choices=[("call", "call"), ("page", "page"), ("api", "API")],
                        max_length=8,
                        verbose_name="way in",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="since")),
                ("added_by", models.CharField(max_length=150, verbose_name="added by")),
                ("added_side", models.CharField(max_length=6)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("withdrawn_by", models.CharField(blank=True, max_length=150, verbose_name="withdrawn by")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was withdrawn")),
                (
                    "vendor",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["customer_key"], name="tickets_donotcall_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("vendor", "customer_key"),
                        name="tickets_donotcall_once",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_donotcall_uuid"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstView",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor_id", models.IntegerField(editable=False)),
                ("user_id", models.IntegerField(editable=False)),
                ("view", models.CharField(max_length=36)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("vendor_id", "user_id"), name="tickets_firstview_one")],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                ("queues", models.JSONField(blank=True, default=list, verbose_name="queues")),
                ("channels", models.JSONField(blank=True, default=list, verbose_name="channels")),
                (
                    "words",
                    models.JSONField(
                        blank=True, default=list, help_text="Any of them in subject or text.", verbose_name="words"
                    ),
                ),
                ("customers", models.JSONField(blank=True, default=dict, verbose_name="customers")),
                ("only_incidents", models.BooleanField(default=False, verbose_name="only tickets of an incident")),
                (
                    "tier",
                    models.CharField(
                        choices=[("urgent", "urgent"), ("normal", "normal"), ("consultation", "consultation")],
                        max_length=12,
                        verbose_name="tier",
                    ),
                ),
                (
                    "first_response_seconds",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="first response"),
                ),
                ("update_seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="next update")),
                ("resolution_seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="resolution")),
                ("callback_seconds", models.PositiveIntegerField(blank=True, null=True, verbose_name="callback")),
                (
                    "first_line_seconds",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="first line records"),
                ),
                (
                    "second_line_seconds",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="second line answers"),
                ),
                (
                    "technical_seconds",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="technical department answers"),
                ),
                (
                    "update_mode",
                    models.CharField(
                        choices=[
                            (tickets.calc.clocks.UpdateMode["AFTER_CUSTOMER"], "after the customer wrote"),
                            (tickets.calc.clocks.UpdateMode["BETWEEN_UPDATES"], "between two updates"),
                        ],
                        default=tickets.calc.clocks.UpdateMode["AFTER_CUSTOMER"],
                        max_length=20,
                        verbose_name="updates are owed",
                    ),
                ),
                ("pausing", models.JSONField(blank=True, default=list, verbose_name="states that pause")),
                ("ladder", models.JSONField(blank=True, default=list, verbose_name="who is told")),
                ("warn_lead_seconds", models.PositiveIntegerField(default=900, verbose_name="warn before")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "calendar",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.calendar",
                    ),
                ),
                (
                    "callback_calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.calendar",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "name"),
                        name="tickets_policy_name",
                        violation_error_message="Another policy has this name.",
                    ),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("vendor", "position"),
                        name="tickets_policy_position",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_policy_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_policy_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuickReply",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("text", models.TextField(verbose_name="text")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                    models.UniqueConstraint(
                        fields=("vendor", "name"),
                        name="tickets_quickreply_name",
                        violation_error_message="Another quick reply has this name.",
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_quickreply_uuid"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32)),
                ("body", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "policy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.policy",
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "digest"), name="tickets_terms_digest"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_terms_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="number")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="what is the matter")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "call"),
                            ("app", "app"),
                            ("sms", "SMS"),
                            ("web", "web"),
                            ("internal", "internal"),
                        ],
                        default="call",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("customer_key", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                ("call_offered_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (tickets.calc.states.State["NEW"], "new"),
                            (tickets.calc.states.State["ASSIGNED"], "assigned"),
                            (tickets.calc.states.State["IN_PROGRESS"], "in progress"),
                            (tickets.calc.states.State["PENDING_CUSTOMER"], "waits for the customer"),
                            (tickets.calc.states.State["PENDING_THIRD_PARTY"], "waits for a third party"),
                            (tickets.calc.states.State["RESOLVED"], "resolved"),
                            (tickets.calc.states.State["CALLBACK_DUE"], "callback due"),
                            (tickets.calc.states.State["ARCHIVED"], "archived"),
                            (tickets.calc.states.State["MERGED"], "merged"),
                            (tickets.calc.states.State["CANCELED"], "canceled"),
                            (tickets.calc.states.State["TRANSFERRED"], "taken over by the client"),
                        ],
                        default=tickets.calc.states.State["NEW"],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("urgent", "urgent"), ("normal", "normal"), ("consultation", "consultation")],
                        max_length=12,
                        verbose_name="tier",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            (tickets.calc.clocks.Level["FIRST_LINE"], "first line"),
                            (tickets.calc.clocks.Level["SECOND_LINE"], "second line"),
                            (tickets.calc.clocks.Level["TECHNICAL"], "technical department"),
                        ],
                        default=tickets.calc.clocks.Level["FIRST_LINE"],
                        max_length=12,
                        verbose_name="held by",
                    ),
                ),
                ("handler_id", models.IntegerField(blank=True, editable=False, null=True)),
                ("handler_name", models.CharField(blank=True, editable=False, max_length=150)),
                ("handler_role", models.CharField(blank=True, editable=False, max_length=20)),
                ("policy_pinned", models.BooleanField(default=False, editable=False)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("resolved_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="resolved")),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "reopened_count",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="reopened"),
                ),
                ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="satisfaction")),
                ("next_due_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="due")),
                (
                    "next_clock",
                    models.CharField(
                        blank=True,
                        choices=[
                            (tickets.calc.clocks.Clock["FIRST_RESPONSE"], "first response"),
                            (tickets.calc.clocks.Clock["UPDATE"], "next update"),
                            (tickets.calc.clocks.Clock["RESOLUTION"], "resolution"),
                            (tickets.calc.clocks.Clock["HOP"], "hand-over"),
                            (tickets.calc.clocks.Clock["CALLBACK"], "callback"),
                        ],
                        editable=False,
                        max_length=16,
                    ),
                ),
                ("is_breached", models.BooleanField(default=False, editable=False, verbose_name="overdue")),
                ("is_stale", models.BooleanField(default=False, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.agent",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.callreason",
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.terms",
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["vendor", "next_due_at", "-ended_at", "opened_at", "id"],
                        name="tickets_ticket_due",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["next_due_at", "-ended_at", "opened_at", "id"],
                        name="tickets_ticket_pressing",
                    ),
                    models.Index(fields=["vendor", "customer_key", "opened_at"], name="tickets_ticket_customer"),
                    models.Index(fields=["vendor", "opened_at"], name="tickets_ticket_opened"),
                    models.Index(fields=["-opened_at", "-id"], name="tickets_ticket_newest"),
                    models.Index(
                        condition=models.Q(("is_stale", True)), fields=["vendor", "id"], name="tickets_ticket_stale"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "number"), name="tickets_ticket_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_ticket_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_ticket_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="tickets_ticket_satisfied",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("rating", "rating after the call"),
                            ("sms", "SMS"),
                            ("app", "app"),
                            ("web", "web"),
                            ("call", "call"),
                            ("outbound", "call by us"),
                        ],
                        max_length=10,
                        verbose_name="came by",
                    ),
                ),
                ("is_complaint", models.BooleanField(default=False, verbose_name="complaint")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("process", "process"), ("product", "product"), ("attitude", "attitude")],
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="what the customer says")),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 5.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="rating",
                    ),
                ),
                ("customer_key", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                ("external_id", models.CharField(blank=True, max_length=64, verbose_name="id at the source")),
                (
                    "state",
                    models.CharField(
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
                ("department", models.CharField(blank=True, max_length=80, verbose_name="owning department")),
                ("answer", models.TextField(blank=True, verbose_name="what came of it")),
                ("outcome", models.TextField(blank=True, verbose_name="what the customer was told")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("route_due_at", models.DateTimeField(editable=False, null=True, verbose_name="to be passed on by")),
                ("routed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="passed on")),
                ("late_at", models.DateTimeField(editable=False, null=True, verbose_name="reported as late")),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="answered by the department"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="loop closed")),
                ("customer_told", models.BooleanField(editable=False, null=True, verbose_name="customer told")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="customer told on")),
                (
                    "reopened_count",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="reopened"),
                ),
                ("reopen_reason", models.TextField(blank=True, verbose_name="why it was reopened")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.agent",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.queue",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.callreason",
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
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vendor", "received_at"], name="tickets_feedback_received"),
                    models.Index(fields=["vendor", "route_due_at"], name="tickets_feedback_due"),
                    models.Index(fields=["vendor", "routed_at"], name="tickets_feedback_passed"),
                    models.Index(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("late_at__isnull", True), ("routed_at__isnull", True)
                        ),
                        fields=["route_due_at"],
                        name="tickets_feedback_waits",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "number"), name="tickets_feedback_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_feedback_uuid"),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("vendor", "source", "external_id"),
                        name="tickets_feedback_external_id",
                        violation_error_message="This was received already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"),
                        name="tickets_feedback_rating",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("routed_at__isnull", True), ("routed_at__gte", models.F("received_at")), _connector="OR"
                        ),
                        name="tickets_feedback_routed_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                ("customer_key", models.BigIntegerField(editable=False)),
                ("handed_at", models.DateTimeField(verbose_name="handed out")),
                ("held_until", models.DateTimeField()),
                ("handler_id", models.IntegerField(editable=False, null=True)),
                ("handler_name", models.CharField(max_length=150, verbose_name="called by")),
                ("handler_side", models.CharField(max_length=6)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            (tickets.calc.outbound.Outcome["SUCCESS"], "success"),
                            (tickets.calc.outbound.Outcome["REACHED"], "reached"),
                            (tickets.calc.outbound.Outcome["REFUSED"], "refused"),
                            (tickets.calc.outbound.Outcome["CALL_LATER"], "call later"),
                            (tickets.calc.outbound.Outcome["NO_ANSWER"], "no answer"),
                            (tickets.calc.outbound.Outcome["BUSY"], "busy"),
                            (tickets.calc.outbound.Outcome["WRONG_NUMBER"], "wrong number"),
                            (tickets.calc.outbound.Outcome["DO_NOT_CALL"], "asked not to be called"),
                            (tickets.calc.outbound.Outcome["LAPSED"], "not called in time"),
                        ],
                        max_length=14,
                        verbose_name="outcome",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("day", models.DateField(null=True, verbose_name="day")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
                ("follow_up_at", models.DateTimeField(null=True, verbose_name="call again at")),
                ("call_external_id", models.CharField(blank=True, max_length=64, verbose_name="call")),
                ("satisfaction", models.PositiveSmallIntegerField(null=True, verbose_name="satisfaction")),
                ("success_reference", models.CharField(blank=True, max_length=64, verbose_name="proof of the success")),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.agent",
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
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="tickets.campaign",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="tickets.contact",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["vendor", "campaign", "day"], name="tickets_attempt_day"),
                    models.Index(fields=["vendor", "customer_key", "handed_at"], name="tickets_attempt_customer"),
                    models.Index(
                        condition=models.Q(("outcome", "")),
                        fields=["vendor", "handler_id"],
                        name="tickets_attempt_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "contact", "number"), name="tickets_attempt_number"),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_attempt_uuid"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_attempt_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("vendor", "contact"),
                        name="tickets_attempt_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="tickets_attempt_satisfied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day__isnull", True), ("ended_at__isnull", True), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("day__isnull", False),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tickets_attempt_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketAlert",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            (tickets.calc.clocks.Clock["FIRST_RESPONSE"], "first response"),
                            (tickets.calc.clocks.Clock["UPDATE"], "next update"),
                            (tickets.calc.clocks.Clock["RESOLUTION"], "resolution"),
                            (tickets.calc.clocks.Clock["HOP"], "hand-over"),
                            (tickets.calc.clocks.Clock["CALLBACK"], "callback"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("threshold", models.CharField(max_length=16)),
                ("due_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="tickets.ticket",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "ticket", "clock", "cycle", "threshold"), name="tickets_alert_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketClock",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            (tickets.calc.clocks.Clock["FIRST_RESPONSE"], "first response"),
                            (tickets.calc.clocks.Clock["UPDATE"], "next update"),
                            (tickets.calc.clocks.Clock["RESOLUTION"], "resolution"),
                            (tickets.calc.clocks.Clock["HOP"], "hand-over"),
                            (tickets.calc.clocks.Clock["CALLBACK"], "callback"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            (tickets.calc.clocks.Level["FIRST_LINE"], "first line"),
                            (tickets.calc.clocks.Level["SECOND_LINE"], "second line"),
                            (tickets.calc.clocks.Level["TECHNICAL"], "technical department"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("is_canceled", models.BooleanField(default=False)),
                ("is_running", models.BooleanField(default=True)),
                ("target_seconds", models.PositiveIntegerField(null=True)),
                ("elapsed_seconds", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("is_met", models.BooleanField(null=True)),
                ("breach_at", models.DateTimeField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("overrun_seconds", models.PositiveIntegerField(default=0)),
                ("alert_at", models.DateTimeField(null=True)),
                ("alert_threshold", models.CharField(blank=True, max_length=16)),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.ticket",
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("alert_at__isnull", False)), fields=["alert_at"], name="tickets_clock_alert"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("breach_at__isnull", False), ("counted_at__isnull", True), ("stopped_at__isnull", True)
                        ),
                        fields=["breach_at"],
                        name="tickets_clock_breach",
                    ),
                    models.Index(
                        condition=models.Q(("counted_at__isnull", False)),
                        fields=["vendor", "counted_at"],
                        name="tickets_clock_counted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "ticket", "clock", "cycle"), name="tickets_clock_cycle"),
                    models.UniqueConstraint(fields=("vendor", "id"), name="tickets_clock_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            (tickets.calc.states.State["NEW"], "new"),
                            (tickets.calc.states.State["ASSIGNED"], "assigned"),
                            (tickets.calc.states.State["IN_PROGRESS"], "in progress"),
                            (tickets.calc.states.State["PENDING_CUSTOMER"], "waits for the customer"),
                            (tickets.calc.states.State["PENDING_THIRD_PARTY"], "waits for a third party"),
                            (tickets.calc.states.State["RESOLVED"], "resolved"),
                            (tickets.calc.states.State["CALLBACK_DUE"], "callback due"),
                            (tickets.calc.states.State["ARCHIVED"], "archived"),
                            (tickets.calc.states.State["MERGED"], "merged"),
                            (tickets.calc.states.State["CANCELED"], "canceled"),
                            (tickets.calc.states.State["TRANSFERRED"], "taken over by the client"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            (tickets.calc.clocks.Level["FIRST_LINE"], "first line"),
                            (tickets.calc.clocks.Level["SECOND_LINE"], "second line"),
                            (tickets.calc.clocks.Level["TECHNICAL"], "technical department"),
                        ],
                        max_length=12,
                    ),
                ),
                ("deadline", models.DateTimeField(null=True)),
                ("actor_id", models.IntegerField(null=True)),
                ("actor", models.CharField(blank=True, max_length=150)),
                ("side", models.CharField(blank=True, max_length=6)),
                ("is_public", models.BooleanField(default=False)),
                ("text", models.TextField(blank=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "terms",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.terms",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tickets.ticket",
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
            options={
                "indexes": [models.Index(fields=["vendor", "at"], name="tickets_event_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "ticket", "sequence"), name="tickets_event_sequence")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketIncident",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("linked_at", models.DateTimeField()),
                ("is_automatic", models.BooleanField(default=False)),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sla.incident",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_links",
                        to="tickets.ticket",
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
            options={
                "indexes": [models.Index(fields=["vendor", "incident"], name="tickets_ticketincident_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "ticket", "incident"), name="tickets_ticketincident_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketLink",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("linked_at", models.DateTimeField(null=True)),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.ticket",
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "first", "second"), name="tickets_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="tickets_link_ordered"
                    ),
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "uuid"), name="tickets_ticketview_uuid"),
                    models.UniqueConstraint(fields=("vendor_id", "owner_id", "name"), name="tickets_ticketview_name"),
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor_id", "first_uuid"), name="tickets_transfer_first"),
                    models.UniqueConstraint(fields=("vendor_id", "second_uuid"), name="tickets_transfer_second"),
                ],
            },
        ),
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
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.callreason",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "contract", "reason", "week"), name="tickets_voicesignal_once"
                    ),
                    models.UniqueConstraint(fields=("vendor", "uuid"), name="tickets_voicesignal_uuid"),
                ],
            },
        ),
    ]
