"""Addresses of calls, imports and import profiles."""

from __future__ import annotations

from django.urls import path, register_converter

from calls.calc.addresses import CallIdConverter
from calls.views import formats, imports, profiles, records

app_name = "calls"
register_converter(CallIdConverter, "call_id")

urlpatterns = [
    path("", records.CallList.as_view(), name="list"),
    path("imports/", imports.BatchList.as_view(), name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:uuid>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:uuid>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:uuid>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<uuid:uuid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:uuid>/retry/", imports.import_retry, name="import_retry"),
    path("imports/<uuid:uuid>/rejected.csv", imports.import_rejected, name="import_rejected"),
    path("imports/<uuid:uuid>/errors/", imports.ErrorList.as_view(), name="import_errors"),
    path("profiles/", profiles.ProfileList.as_view(), name="profiles"),
    path("profiles/new/", profiles.profile_new, name="profile_new"),
    path("profiles/try/", profiles.profile_try, name="profile_try"),
    path("profiles/<uuid:uuid>/", profiles.profile_detail, name="profile_detail"),
    path("profiles/<uuid:uuid>/edit/", profiles.profile_edit, name="profile_edit"),
    path("profiles/<uuid:uuid>/try/", profiles.profile_try, name="profile_try_edit"),
    path("imports/format/", formats.file_format, name="format"),
    path("imports/template.csv", formats.template, name="template"),
    path("numbers/find/", records.number_find, name="number_find"),
    path("numbers/<uuid:contract>/<call_id:external_id>/", records.number_show, name="number_show"),
    path("<uuid:contract>/<call_id:external_id>/", records.call_detail, name="detail"),
]
