"""Rollups refer to the vendor through their contract, which is a key of two columns; a second key promised nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_walls"), ("vendors", "0003_codes")]
    operations = [
        migrations.AlterField(
            model_name=name,
            name="vendor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vendors.vendor",
            ),
        )
        for name in ("agentday", "contractday", "queueday", "queuehalfhour", "reasonday")
    ]
