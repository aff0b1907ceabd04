"""Answers to the client about its own lists are kept as well; the policy checks the owner of every row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0007_partition_made_once"), ("vendors", "0005_closed_organizations")]
    operations = [
        migrations.AlterField(
            "storedanswer",
            "vendor",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vendors.vendor",
            ),
        )
    ]
