"""Facts about who was told, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Service

if TYPE_CHECKING:
    from states.situation import Situation


@condition("the notice was served on another party than the one that declares it", weighs_inputs=True)
def the_recipient_is_another_party(s: Situation) -> bool:
    """Refuse a declaration that only its maker could answer."""
    return s.text("recipient") not in {party.id for party in s.speaks_for}


@condition("the person served belongs to the recipient", weighs_inputs=True)
def the_person_is_of_the_recipient(s: Situation) -> bool:
    """Ask that a notice reached somebody who stands for the party."""
    person, party = s.text("person"), s.case.party(s.text("recipient"))
    return not person or party is None or any(person in held for held in party.people.values())


@condition("the declaration is one of your own side", weighs_inputs=True)
def the_declaration_is_their_own(s: Situation) -> bool:
    """Let nobody change what another side declared."""
    service, mine = s.item(Service), {party.id for party in s.speaks_for}
    return service is None or (service.declared_by in mine if service.declared_by else not mine)
