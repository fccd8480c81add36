"""What a token must be good for at each address of the API: every route asks for a visit of one of these kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Security

from cases.api_tokens import Scope
from desk.access import by_token
from desk.problems import BeyondScope
from desk.visits import Visit
from states.said import Said, say

ReadsCases = Annotated[Visit, Security(by_token, scopes=[Scope.CASES_READ])]
ActsOnCases = Annotated[Visit, Security(by_token, scopes=[Scope.CASES_ACT])]
ReadsMails = Annotated[Visit, Security(by_token, scopes=[Scope.MAILS_READ])]
SendsMails = Annotated[Visit, Security(by_token, scopes=[Scope.MAILS_SEND])]
KeepsNotebook = Annotated[Visit, Security(by_token, scopes=[Scope.NOTEBOOK])]
ReadsPeople = Annotated[Visit, Security(by_token, scopes=[Scope.PEOPLE_READ])]
WritesPeople = Annotated[Visit, Security(by_token, scopes=[Scope.PEOPLE_WRITE])]
AsMyself = Annotated[Visit, Security(by_token, scopes=[Scope.ME])]
KeepsWebhooks = Annotated[Visit, Security(by_token, scopes=[Scope.WEBHOOKS])]
Administers = Annotated[Visit, Security(by_token, scopes=[Scope.ADMIN])]

GOOD_FOR: Mapping[Scope, Said] = {
    Scope.CASES_READ: say("Read my cases, their dates, papers and files"),
    Scope.CASES_ACT: say("Open cases and act on them"),
    Scope.CASES_DECIDE: say("Answer what I am asked to decide, which acting on cases does not allow by itself"),
    Scope.MAILS_READ: say("Read how the mails of my cases fared"),
    Scope.MAILS_SEND: say("Let mails be tried again"),
    Scope.NOTEBOOK: say("Read and write my notebook"),
    Scope.PEOPLE_READ: say("Read people, committees, neutrals and who is away"),
    Scope.PEOPLE_WRITE: say("Change people, neutrals, absences and deputies"),
    Scope.ME: say("Read what is on file about me, and keep my tokens"),
    Scope.WEBHOOKS: say("Keep my webhooks"),
    Scope.ADMIN: say("Look after the desk, for administrators"),
}


def refuse_without(scope: Scope, visit: Visit) -> None:
    """Refuse a token that is not good for something beyond what its address asks for."""
    if visit.api_token is not None and scope not in visit.api_token.scopes:
        told = say("this token is not good for %(scope)s; make one that is, on the page of your tokens", scope=scope)
        raise BeyondScope(told)
