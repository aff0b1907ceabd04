"""Addresses of tickets and of the rules that promise something about them."""

from __future__ import annotations

from django.urls import path

from tickets.views import bulk, feedback, lists, opening, papers, replies, rules, saved, ticket, transfer, voice

app_name = "tickets"

urlpatterns = [
    path("", lists.TicketList.as_view(), name="ticket_list"),
    path("new/", opening.TicketForm.as_view(), name="ticket_create"),
    path("new/promise/", opening.ticket_promise, name="ticket_promise"),
    path("of-call/", opening.call_panel, name="call_panel"),
    path("bulk/<slug:deed>/", bulk.bulk, name="bulk"),
    path("views/", saved.views_bar, name="views_bar"),
    path("views/keep/", saved.views_manage, name="views_manage"),
    path("views/begin/", saved.view_begin_with, name="view_begin_with"),
    path("views/<uuid:uuid>/remove/", saved.view_remove, name="view_remove"),
    path("of-incident/<uuid:uuid>/", papers.incident_panel, name="incident_panel"),
    path("of-incident/<uuid:uuid>/link/", papers.incident_link, name="incident_link"),
    path("files/<uuid:uuid>/", papers.attachment, name="attachment"),
    path("files/<uuid:uuid>/delete/", papers.attachment_delete, name="attachment_delete"),
    path("rules/", rules.rules, name="rules"),
    path("rules/presets/", rules.presets, name="presets"),
    path("rules/holidays/", rules.holidays_preview, name="holidays_preview"),
    path("rules/policies/new/", rules.PolicyPage.as_view(), name="policy_create"),
    path("rules/policies/<uuid:uuid>/edit/", rules.PolicyPage.as_view(), name="policy_edit"),
    path("rules/policies/<uuid:uuid>/move/", rules.policy_move, name="policy_move"),
    path("rules/calendars/new/", rules.CalendarPage.as_view(), name="calendar_create"),
    path("rules/calendars/<uuid:uuid>/edit/", rules.CalendarPage.as_view(), name="calendar_edit"),
    path("rules/calendars/<uuid:uuid>/delete/", rules.calendar_delete, name="calendar_delete"),
    path("replies/", replies.ReplyList.as_view(), name="reply_list"),
    path("replies/new/", replies.ReplyPage.as_view(), name="reply_create"),
    path("replies/<uuid:uuid>/edit/", replies.ReplyPage.as_view(), name="reply_edit"),
    path("replies/<uuid:uuid>/delete/", replies.reply_delete, name="reply_delete"),
    path("feedback/", feedback.FeedbackList.as_view(), name="feedback_list"),
    path("feedback/new/", feedback.FeedbackNew.as_view(), name="feedback_create"),
    path("feedback/voice/", voice.VoicePage.as_view(), name="voice"),
    path("feedback/<uuid:uuid>/", feedback.feedback_detail, name="feedback_detail"),
    path("feedback/<uuid:uuid>/<slug:step>/", feedback.FeedbackStep.as_view(), name="feedback_step"),
    path("<uuid:uuid>/", ticket.ticket_detail, name="ticket_detail"),
    path("<uuid:uuid>/act/", ticket.ticket_act, name="ticket_act"),
    path("<uuid:uuid>/people/", papers.people, name="people"),
    path("<uuid:uuid>/not-of-incident/", papers.incident_unlink, name="incident_unlink"),
    path("<uuid:uuid>/transfer/", transfer.TicketTransfer.as_view(), name="ticket_transfer"),
]
