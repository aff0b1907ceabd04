"""Addresses of incidents, plans, drills, inspections and evidence."""

from __future__ import annotations

from django.urls import path

from sla.views import incidents, plans, readiness, steps

app_name = "sla"

urlpatterns = [
    path("incidents/", incidents.IncidentList.as_view(), name="incident_list"),
    path("incidents/new/", steps.IncidentNew.as_view(), name="incident_new"),
    path("incidents/<uuid:uuid>/", incidents.IncidentDetail.as_view(), name="incident_detail"),
    path("incidents/<uuid:uuid>/steps/<slug:step>/", steps.IncidentStep.as_view(), name="incident_step"),
    path("incidents/<uuid:uuid>/note/", steps.incident_note, name="incident_note"),
    path("incidents/<uuid:uuid>/affected/", steps.IncidentAffected.as_view(), name="incident_affected"),
    path("incidents/<uuid:uuid>/window/", steps.IncidentWindow.as_view(), name="incident_window"),
    path("incidents/<uuid:uuid>/relief/", steps.IncidentRelief.as_view(), name="incident_relief"),
    path("plans/", plans.PlanList.as_view(), name="plan_list"),
    path("plans/new/", plans.PlanEdit.as_view(), name="plan_new"),
    path("plans/<uuid:uuid>/", plans.PlanDetail.as_view(), name="plan_detail"),
    path("plans/<uuid:uuid>/edit/", plans.PlanEdit.as_view(), name="plan_edit"),
    path("drills/", plans.DrillList.as_view(), name="drill_list"),
    path("drills/new/", plans.DrillNew.as_view(), name="drill_new"),
    path("drills/<uuid:uuid>/", plans.DrillDetail.as_view(), name="drill_detail"),
    path("drills/<uuid:uuid>/record/", plans.DrillRecord.as_view(), name="drill_record"),
    path("inspections/", readiness.InspectionList.as_view(), name="inspection_list"),
    path("inspections/<slug:system>/new/", readiness.InspectionNew.as_view(), name="inspection_new"),
    path("evidence/", readiness.EvidenceList.as_view(), name="evidence_list"),
    path("evidence/new/", readiness.EvidenceNew.as_view(), name="evidence_new"),
    path("files/<uuid:uuid>/", readiness.file, name="file"),
]
