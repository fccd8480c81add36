"""Whatever a page of the desk shows or changes, a program can do over the API too, or it says here why not."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from desk.access import SAFE
from desk.api import description
from desk.routes import every_route
from tests.desk.api_tour import app_of
from tests.desk.house import House

FORMS = {
    "/bulk/cases/{trigger}": {"do_acts"},
    "/bulk/cases/{trigger}/check": {"check_acts"},
    "/bulk/export": {"export_cases"},
    "/bulk/mails": {"retry_messages"},
    "/audit": {"check_record"},
    "/calendar/feed": {"renew_feed"},
    "/calendar/feed/end": {"end_feed"},
    "/calendars/change": {"check_calendar", "put_calendar"},
    "/cases/new": {"open_case"},
    "/cases/new/check": {"list_similar"},
    "/cases/{case_ref}/acts/{trigger}": {"do_act", "upload_file"},
    "/cases/{case_ref}/acts/{trigger}/check": {"check_act"},
    "/cases/{case_ref}/incoming/{arrival_id}/file": {"file_incoming"},
    "/cases/{case_ref}/incoming/{arrival_id}/files/{place}/release": {"release_file"},
    "/cases/{case_ref}/incoming/{arrival_id}/set-aside": {"set_incoming_aside"},
    "/cases/{case_ref}/notebook": {"write_note"},
    "/cases/{case_ref}/notebook/burn": {"burn_notebook"},
    "/cases/{case_ref}/notebook/{note_id}": {"change_note"},
    "/cases/{case_ref}/notebook/{note_id}/tear-out": {"delete_note"},
    "/cases/{case_ref}/unreached/{task_id}": {"record_telephoned"},
    "/committees/{committee_id}": {"put_committee"},
    "/committees/{committee_id}/remove": {"remove_committee"},
    "/decide/{case_id}/{item_id}": {"show_question", "do_act"},
    "/decide/{case_id}/{item_id}/not-mine": {"pass_question_on"},
    "/emergencies/ask": {"ask_for_room"},
    "/emergencies/{case_id}/{item_id}/agree": {"agree_to_room"},
    "/emergencies/{case_id}/{item_id}/end": {"shut_room"},
    "/emergencies/{case_id}/{item_id}/refuse": {"refuse_room"},
    "/jobs/index": {"renew_index"},
    "/mail-texts/{name}/send": {"send_sample"},
    "/mail-texts/{name}/{language}": {"check_wording", "put_wording"},
    "/mails/retry": {"retry_undelivered"},
    "/mails/{message_id}/again": {"send_again"},
    "/mails/{message_id}/retry": {"retry_message"},
    "/me/absence": {"go_away", "name_deputy"},
    "/me/absence/{since}/back": {"come_back"},
    "/me/deputies/{deputy_id}/end": {"end_deputy"},
    "/me/sign-in/end-others": {"end_other_sessions"},
    "/me/sign-in/sessions/{session_id}/end": {"end_session"},
    "/me/tokens": {"make_token"},
    "/me/tokens/{token_id}/end": {"end_token"},
    "/me/views": {"add_view"},
    "/me/views/{view_id}": {"rename_view", "begin_at_view", "begin_at_desk", "delete_view"},
    "/me/webhooks": {"make_webhook"},
    "/me/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {"replay_delivery"},
    "/me/webhooks/{webhook_id}/end": {"end_webhook"},
    "/me/webhooks/{webhook_id}/replay": {"replay_since"},
    "/me/webhooks/{webhook_id}/resume": {"resume_webhook"},
    "/me/webhooks/{webhook_id}/secret": {"renew_secret"},
    "/me/webhooks/{webhook_id}/trial": {"try_webhook"},
    "/organisations/new": {"add_organisation"},
    "/organisations/{body_id}": {"change_organisation"},
    "/people/new": {"add_person"},
    "/people/{person_id}/absence/new": {"go_away"},
    "/people/{person_id}/absence/{since}/back": {"come_back"},
    "/people/{person_id}/change": {"change_person"},
    "/people/{person_id}/code": {"make_code"},
    "/people/{person_id}/deputies/{deputy_id}/end": {"end_deputy"},
    "/people/{person_id}/end-sessions": {"end_sessions"},
    "/people/{person_id}/leave": {"record_leaving"},
    "/people/{person_id}/link": {"send_link"},
    "/people/{person_id}/return": {"reinstate_person"},
    "/posts/post": {"put_post"},
    "/posts/remove": {"remove_post"},
    "/processes/change": {"check_process", "rehearse_process", "publish_process"},
    "/processes/moves/{number}": {"revert_move"},
    "/processes/moves/{number}/finish": {"finish_move"},
    "/processes/{name}/move": {"check_move", "move_cases"},
    "/processes/{name}/use": {"use_process_version"},
    "/retention/{data}": {"put_period"},
    "/me/mails": {"put_mail_wishes"},
    "/undelivered/held": {"release_held_letters", "withdraw_held_letters"},
    "/undelivered/retry": {"retry_letters"},
}
"""Each form of a page, with the operations by which a program does what is done with it."""

PROOF = "how somebody proves who they are is between them and their browser; a program has its token"
BY_LINK = "a link in a mail proves nothing by itself, and whoever holds a token needs none"
KEPT = "what was typed is kept for a form; a program sends its request again"
FORMS_ALONE = {
    "/sign-in": PROOF,
    "/sign-in/by-mail": PROOF,
    "/sign-in/passkey": PROOF,
    "/sign-in/passkey/proof": PROOF,
    "/sign-in/provider": PROOF,
    "/sign-in/provider/back": PROOF,
    "/sign-in/second": PROOF,
    "/sign-in/{link}": PROOF,
    "/sign-out": PROOF,
    "/me/sign-in/again": PROOF,
    "/me/sign-in/again/passkey": PROOF,
    "/me/sign-in/again/passkey/proof": PROOF,
    "/me/sign-in/again/provider": PROOF,
    "/me/sign-in/passkeys": PROOF,
    "/me/sign-in/passkeys/add": PROOF,
    "/me/sign-in/passkeys/{key_id}/remove": PROOF,
    "/me/sign-in/password": PROOF,
    "/me/sign-in/provider": PROOF,
    "/me/sign-in/provider/unlink": PROOF,
    "/me/sign-in/recovery": PROOF,
    "/me/sign-in/totp": PROOF,
    "/me/sign-in/totp/confirm": PROOF,
    "/me/sign-in/totp/remove": PROOF,
    "/me/kept/forget": KEPT,
    "/t/{token}": BY_LINK,
    "/t/{token}/fresh": BY_LINK,
    "/u/{token}": BY_LINK,
    "/p/u/{token}": BY_LINK,
}
"""The forms that programs have no use for, each with the reason."""


PAGES = {
    "/": {"show_my_desk"},
    "/audit": {"check_record"},
    "/bulk/cases": {"check_acts"},
    "/bulk/cases/{trigger}": {"check_acts"},
    "/bulk/mails": {"list_messages"},
    "/calendar": {"list_my_dates", "show_feed"},
    "/calendar/dates.csv": {"list_my_dates"},
    "/calendars": {"list_calendars"},
    "/calendars/change": {"show_calendar"},
    "/calendars/{name}": {"show_calendar"},
    "/cases": {"list_cases"},
    "/cases/new": {"list_processes"},
    "/cases/{case_ref}": {"show_case"},
    "/cases/{case_ref}/access": {"show_access"},
    "/cases/{case_ref}/access.csv": {"show_access"},
    "/cases/{case_ref}/acts/{trigger}": {"list_acts"},
    "/cases/{case_ref}/coming": {"show_preview"},
    "/cases/{case_ref}/documents/{document_id}": {"download_file"},
    "/cases/{case_ref}/incoming": {"list_incoming"},
    "/cases/{case_ref}/incoming/{arrival_id}/files/{place}": {"open_attached_file"},
    "/cases/{case_ref}/notebook": {"read_notebook"},
    "/cases/{case_ref}/pictures": {"show_pictures"},
    "/cases/{case_ref}/pictures/{name}.csv": {"show_pictures"},
    "/cases/{case_ref}/print/{kind}": {"print_paper"},
    "/cases/{case_ref}/print/{kind}.pdf": {"print_paper"},
    "/cases/{case_ref}/service": {"show_service"},
    "/cases/{case_ref}/service.zip": {"take_service"},
    "/cases/{case_ref}/shortlist": {"list_shortlist"},
    "/cases/{case_ref}/versions": {"list_versions", "compare_versions"},
    "/committees/{committee_id}": {"list_committees"},
    "/decide/{case_id}/{item_id}": {"show_question"},
    "/emergencies": {"list_emergencies"},
    "/health": {"show_health"},
    "/health/heartbeat": {"show_health"},
    "/jobs": {"list_jobs"},
    "/jobs/{job_id}": {"show_job"},
    "/jobs/{job_id}/cases.csv": {"show_export"},
    "/mail-texts": {"list_mail_texts"},
    "/mail-texts/{name}": {"show_mail_text"},
    "/mail-texts/{name}/{language}": {"show_wordings"},
    "/mail-texts/{name}/{language}/picture": {"check_wording"},
    "/mails": {"list_messages"},
    "/mails/{message_id}": {"show_message"},
    "/me/absence": {"show_presence"},
    "/me/mails": {"show_mail_wishes"},
    "/me/sign-in": {"list_sessions"},
    "/me/tokens": {"list_tokens"},
    "/me/views": {"list_views"},
    "/me/webhooks": {"list_webhooks"},
    "/me/webhooks/{webhook_id}": {"show_webhook", "list_deliveries"},
    "/obligations": {"list_obligations"},
    "/obligations.csv": {"list_obligations"},
    "/organisations": {"list_organisations"},
    "/organisations/{body_id}": {"list_organisations"},
    "/people": {"list_people"},
    "/people/{person_id}": {"show_person"},
    "/people/{person_id}/absence": {"show_presence"},
    "/people/{person_id}/change": {"show_person"},
    "/posts": {"list_posts"},
    "/posts/post": {"list_posts"},
    "/processes": {"list_processes", "list_moves"},
    "/processes/change": {"show_process_version"},
    "/processes/moves/{number}": {"show_move"},
    "/processes/{name}": {"list_process_versions", "show_process_version"},
    "/processes/{name}/definition.yaml": {"show_process_version"},
    "/processes/{name}/differences": {"compare_process_versions"},
    "/reports": {"show_reports"},
    "/reports/{name}.csv": {"show_reports"},
    "/retention": {"list_periods"},
    "/retention/{data}": {"list_periods"},
    "/search": {"search"},
    "/undelivered": {"list_undelivered"},
    "/undelivered/{message_id}": {"list_undelivered"},
}
"""Each page that shows something, with the operations by which a program reads it."""

FORM = "an empty form"
DRAWING = "a drawing of what is told elsewhere in words"
MANUAL = "what programs may ask, explained to people"
MAILBOX = "the mails of a demonstration, which no mail server takes"
PAGES_ALONE = {
    "/sign-in": PROOF,
    "/sign-in/by-mail": PROOF,
    "/sign-in/provider/back": PROOF,
    "/sign-in/second": PROOF,
    "/sign-in/{link}": PROOF,
    "/me/sign-in/again": PROOF,
    "/me/sign-in/password": PROOF,
    "/me/sign-in/totp": PROOF,
    "/me/kept": KEPT,
    "/t/{token}": BY_LINK,
    "/u/{token}": BY_LINK,
    "/p/u/{token}": BY_LINK,
    "/feeds/{token}.ics": "it is for programs already, by the token in its address",
    "/emergencies/ask": FORM,
    "/organisations/new": FORM,
    "/people/new": FORM,
    "/people/{person_id}/absence/new": FORM,
    "/people/{person_id}/leave": FORM,
    "/processes/{name}/move": FORM,
    "/administration": "a list of pages",
    "/cases/{case_ref}/process.svg": DRAWING,
    "/processes/{name}/picture.svg": DRAWING,
    "/mailbox": MAILBOX,
    "/mailbox/{key}": MAILBOX,
    "/mailbox/{key}/picture": MAILBOX,
    "/api/": MANUAL,
    "/api/operations/{name}": MANUAL,
    "/api/problems/{name}": MANUAL,
    "/api/openapi.json": "the description of what programs may ask",
    "/alive": "whether the desk answers at all",
    "/p": "the way to the portal",
    "/static/{name}": "what pages are dressed in",
}
"""The pages that programs have no use for, each with the reason."""


@pytest.fixture
def app(house: House) -> FastAPI:
    """Builds the desk."""
    found: FastAPI = app_of(house)
    return found


@pytest.mark.parametrize(
    ("done", "by_pages", "by_pages_alone"), [("change", FORMS, FORMS_ALONE), ("show", PAGES, PAGES_ALONE)]
)
def test_whatever_a_page_can_do_a_program_can_do_too(
    app: FastAPI, done: str, by_pages: dict[str, set[str]], by_pages_alone: dict[str, str]
) -> None:
    pages = [route for route in every_route(app) if not route.include_in_schema]
    found = {route.path for route in pages if (set(route.methods or ()) <= SAFE) == (done == "show")}
    assert found == by_pages.keys() | by_pages_alone.keys()
    assert not by_pages.keys() & by_pages_alone.keys()
    operations = {route.operation_id for route in description.answering(app)}
    assert set().union(*by_pages.values()) <= operations
