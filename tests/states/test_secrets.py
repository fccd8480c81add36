"""What is meant for one party is refused a wider zone when a definition is loaded, and no administrator reads."""

import pytest

from config import load, vocabulary
from states import errors, roles, simulate
from states.process import Urgency
from tests.states.mediations import MONDAY

SPOILED = {
    "a worksheet for the caucus": ("fill_worksheet: {zone: own caucus}", "fill_worksheet", "zone: own private"),
    "a worksheet for all": ("fill_worksheet: {zone: shared}", "fill_worksheet", "zone: own private"),
    "a sealed offer for all": ("file_sealed_offer: {zone: shared}", "file_sealed_offer", "zone: own private"),
    "an account for the team": ("answer_notice: {zone: team}", "file_account", "zone: own private"),
    "authority for all": ("record_mandate: {zone: shared}", "record_mandate", "zone: own line"),
    "strikes for all": ("answer_shortlist: {zone: shared}", "answer_shortlist", "zone: own line"),
}


@pytest.mark.parametrize(("change", "effect", "remedy"), SPOILED.values(), ids=SPOILED.keys())
def test_an_act_that_would_tell_others_is_refused_with_its_line_and_its_remedy(
    change: str, effect: str, remedy: str
) -> None:
    text = f"process: ours\nextends: dispute\ntitle: Ours\ntriggers:\n  {change}\n"
    with pytest.raises(errors.DefinitionError) as refused:
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
    assert f"ours.yaml:5: trigger {change.partition(':')[0]}: others than those whom “{effect}” is for" in str(
        refused.value
    )
    assert remedy in str(refused.value)


def test_who_keeps_the_desk_reads_no_case_by_an_office_whatever_a_definition_says() -> None:
    desk = "  registry: {label: Complaints desk, scope: office, reads: [shared, team]}\n"
    text = f"process: ours\nextends: dispute\ntitle: Ours\nroles:\n{desk}"
    process = load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
    case = simulate.sample_case(process, urgency=Urgency.U3, now=MONDAY)
    clerk, keeper = (roles.Actor("who", offices) for offices in (frozenset({"registry"}), KEEPS_THE_DESK))
    assert roles.readable_zones(process, case, clerk) == {"shared", "team"}
    assert not roles.readable_zones(process, case, keeper)


KEEPS_THE_DESK = frozenset({"registry", roles.ADMINISTRATOR})
