"""Whatever a page of the desk can change, a program can change over the API too, or it says here why not."""

from __future__ import annotations

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
    "/cases/{case_ref}/notebook": {"write_note"},
    "/cases/{case_ref}/notebook/burn": {"burn_notebook"},
    "/cases/{case_ref}/notebook/{note_id}": {"change_note"},
    "/cases/{case_ref}/notebook/{note_id}/tear-out": {"delete_note"},
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
}
"""The forms that programs have no use for, each with the reason."""


def test_whatever_a_page_can_change_a_program_can_change_too(house: House) -> None:
    app = app_of(house)
    pages = [route for route in every_route(app) if not route.include_in_schema]
    forms = {route.path for route in pages if not set(route.methods or ()) <= SAFE}
    assert forms == FORMS.keys() | FORMS_ALONE.keys()
    assert not FORMS.keys() & FORMS_ALONE.keys()
    operations = {route.operation_id for route in description.answering(app)}
    assert set().union(*FORMS.values()) <= operations
