"""Addresses of contracts and their versions."""

from __future__ import annotations

from django.urls import path

from contracts.views import contracts, coverage, terms, versions

app_name = "contracts"

urlpatterns = [
    path("", contracts.ContractList.as_view(), name="contract_list"),
    path("new/", contracts.ContractFormPage.as_view(), name="contract_create"),
    path("panel/", contracts.panel, name="panel"),
    path("<uuid:uuid>/", contracts.ContractTerms.as_view(), name="contract_detail"),
    path("<uuid:uuid>/edit/", contracts.ContractFormPage.as_view(), name="contract_edit"),
    path("<uuid:uuid>/versions/", contracts.ContractVersions.as_view(), name="contract_versions"),
    path("<uuid:uuid>/history/", contracts.ContractHistory.as_view(), name="contract_history"),
    path("<uuid:uuid>/draft/", versions.draft, name="version_draft"),
    path("<uuid:uuid>/coverage/", coverage.CoveragePage.as_view(), name="contract_coverage"),
    path("<uuid:uuid>/coverage/new/", coverage.CoverageFormPage.as_view(), name="coverage_create"),
    path("<uuid:uuid>/coverage/<uuid:queue>/", coverage.CoverageFormPage.as_view(), name="coverage_edit"),
    path("<uuid:uuid>/coverage/<uuid:queue>/remove/", coverage.remove, name="coverage_remove"),
    path("versions/<uuid:uuid>/", versions.VersionDetail.as_view(), name="version_detail"),
    path("versions/<uuid:uuid>/edit/", terms.VersionEdit.as_view(), name="version_edit"),
    path("versions/<uuid:uuid>/submit/", versions.submit, name="version_submit"),
    path("versions/<uuid:uuid>/sign/", versions.sign, name="version_sign"),
    path("versions/<uuid:uuid>/return/", versions.VersionReturn.as_view(), name="version_return"),
    path("versions/<uuid:uuid>/compare/", versions.VersionCompare.as_view(), name="version_compare"),
    path("versions/<uuid:uuid>/document/", versions.document, name="version_document"),
]
