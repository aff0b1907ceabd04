"""Addresses of the tickets' interface."""

from __future__ import annotations

from django.urls import path

from tickets import api

urlpatterns = [
    path("tickets", api.TicketListView.as_view(), name="api_tickets"),
    path("tickets/<uuid:uuid>", api.TicketDetailView.as_view(), name="api_ticket"),
    path("tickets/<uuid:uuid>/comments", api.TicketCommentsView.as_view(), name="api_ticket_comments"),
    path("tickets/<uuid:uuid>/steps", api.TicketStepsView.as_view(), name="api_ticket_steps"),
    path("tickets/<uuid:uuid>/attachments", api.TicketAttachmentsView.as_view(), name="api_ticket_attachments"),
    path("tickets/<uuid:uuid>/incidents", api.TicketIncidentsView.as_view(), name="api_ticket_incidents"),
    path("tickets/<uuid:uuid>/transfer", api.TicketTransferView.as_view(), name="api_ticket_transfer"),
    path("tickets/<uuid:uuid>/remarks", api.TicketRemarksView.as_view(), name="api_ticket_remarks"),
    path("ticket-views", api.TicketViewListView.as_view(), name="api_ticket_views"),
    path("ticket-attachments/<uuid:uuid>", api.AttachmentView.as_view(), name="api_ticket_attachment"),
    path("ticket-policies", api.PolicyListView.as_view(), name="api_ticket_policies"),
    path("ticket-calendars", api.CalendarListView.as_view(), name="api_ticket_calendars"),
    path("ticket-kpis", api.TicketKpisView.as_view(), name="api_ticket_kpis"),
    path("ticket-clocks", api.CountedClockListView.as_view(), name="api_ticket_clocks"),
    path("feedback", api.FeedbackListView.as_view(), name="api_feedback"),
    path("feedback/<uuid:uuid>", api.FeedbackDetailView.as_view(), name="api_feedback_one"),
    path("feedback/<uuid:uuid>/steps", api.FeedbackStepsView.as_view(), name="api_feedback_steps"),
    path("feedback-kpis", api.FeedbackKpisView.as_view(), name="api_feedback_kpis"),
    path("campaigns", api.CampaignListView.as_view(), name="api_campaigns"),
    path("campaigns/<uuid:uuid>", api.CampaignDetailView.as_view(), name="api_campaign"),
    path("campaigns/<uuid:uuid>/steps", api.CampaignStepsView.as_view(), name="api_campaign_steps"),
    path("campaigns/<uuid:uuid>/contacts", api.CampaignContactsView.as_view(), name="api_campaign_contacts"),
    path("campaigns/<uuid:uuid>/next", api.CampaignNextView.as_view(), name="api_campaign_next"),
    path("campaign-attempts", api.AttemptListView.as_view(), name="api_attempts"),
    path("campaign-attempts/<uuid:uuid>", api.AttemptDetailView.as_view(), name="api_attempt"),
    path("campaign-attempts/<uuid:uuid>/outcome", api.AttemptOutcomeView.as_view(), name="api_attempt_outcome"),
    path("do-not-call", api.DoNotCallView.as_view(), name="api_do_not_call"),
    path("voice", api.VoiceView.as_view(), name="api_voice"),
]
