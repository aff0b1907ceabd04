"""The table of published forms."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.columns import CountColumn, HouseTable, MomentColumn, TruthColumn
from qa.models import Form

NAME = {"td": {"class": "text-nowrap"}}


def form_url(record: Form) -> str:
    """Return the page of a published form."""
    return reverse("qa:form_detail", args=[record.uuid])


class FormTable(HouseTable):
    """Published versions of forms, by code."""

    name = tables.Column(linkify=form_url)
    code = tables.Column(attrs=NAME)
    vendor = tables.Column(accessor="vendor__name", verbose_name=_("Vendor"), attrs=NAME)
    number = CountColumn()
    is_live = TruthColumn(verbose_name=_("State"), yes=_("in use"), no=_("former version"))
    published_at = MomentColumn()
    published_by = tables.Column(orderable=False, attrs=NAME, visible=False)
    digest = tables.Column(orderable=False, visible=False, attrs=NAME)

    class Meta:
        model = Form
        fields: tuple[str, ...] = ()

    def render_digest(self, value: str) -> str:
        return value[:12]

    def value_digest(self, value: str) -> Any:
        return value
