"""Values to JSON text and back: the same text for the same value, and the same value again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import codec
from states import case as cases
from states import events, items
from states.fields import Value
from states.process import Urgency

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
PARTY = cases.Party(id="A", name="Comité", side=cases.Side.INITIATING, people={"representative": ("amal", "dina")})
COMMON = {"id": "i", "zone": "shared", "by": "amal", "at": AT}
SAMPLES: dict[object, object] = {
    str: "text",
    int: 3,
    bool: False,
    datetime: AT,
    tuple[str, ...]: ("a", "b"),
    tuple[items.Acceptance, ...]: (items.Acceptance(party="A", person="amal", at=AT, text_hash="ff"),),
    tuple[items.Seat, ...]: (items.Seat(person="amal", body="A", alternate_of="dina", away="absent"),),
    tuple[items.Vote, ...]: (items.Vote(person="amal", place="dina", body="A", answer="yes", reason="fair", at=AT),),
    Decimal | None: Decimal("12.50"),
    tuple[items.Why, ...]: (items.Why("No tank was filled", source="Log", document="d", state="agreed"),),
    Mapping[str, str]: {"A": "agreed"},
    Mapping[str, Value]: {"until": AT, "reason": "rains", "amount": Decimal("12.50"), "people": ("a", "b")},
    tuple[items.Signature, ...]: (items.Signature(party="A", person="amal", at=AT, text_hash="ff"),),
    tuple[items.Judgement, ...]: (items.Judgement(criterion="c", verdict="meets it", reason="r", by="amal"),),
    tuple[items.Harm, ...]: (items.Harm(head="precedent", level="none", text="t"),),
    tuple[items.Absence, ...]: (items.Absence(person="amal", reason="ill"),),
    tuple[items.Dissent, ...]: (items.Dissent(party="A", text="not so"),),
    tuple[items.Matter, ...]: (items.Matter(text="The gate?", cause="objection", by="rose"),),
}
ISSUE = items.Issue(id="i", zone="shared", by="amal", at=AT, title="Who repairs the road?")
STAY = cases.Stay(begun_at=AT, until=AT + timedelta(days=1), reason="rain")
CASE = cases.Case(
    id="c",
    number="M-1",
    process="h",
    title="The road — الطريق",
    stage="talks",
    stage_since=AT,
    opened_at=AT,
    urgency=Urgency.U1,
    fields={"amount": Decimal("12.50"), "day": date(2026, 12, 1), "none": None, "list": ("a",), "yes": True, "n": 7},
    roles={"convener": ("cora",)},
    parties=(PARTY,),
    items=(ISSUE,),
    stays=(STAY,),
    running={"fee": cases.Running(since=AT, round=2, stopped=True)},
)
CHANGES = (
    events.CaseOpened(CASE),
    events.ItemRecorded(ISSUE),
    events.FieldsSet({"amount": Decimal("1E+3"), "when": AT}),
    events.PartyChanged(PARTY),
    events.RoleAssigned("convener", ("cora",)),
    events.UrgencySet(Urgency.U4),
    events.StageEntered("talks", AT, None),
    events.TierEntered("T1", AT),
    events.StayBegun(STAY),
    events.StayEnded(AT),
    events.ClockStarted("fee", AT),
    events.ClockStopped("fee"),
    events.ClocksAgreed({"mediation": "3 wd"}),
    events.DueMoved(cases.Extension(occurrence="talks:2", until=AT, at=AT)),
    events.CaseClosed("settled", AT),
    events.CaseReopened(AT),
    events.ProcessMigrated(
        migration=7,
        before="a",
        after="b",
        at=AT,
        since=AT,
        stage="talks",
        tier="T1",
        tier_since=None,
        tier_round=1,
        owner=None,
        fields={"amount": "sum"},
        roles={},
        clocks={},
        added={"limit": Decimal("1E+3")},
    ),
    events.ClockCarried(cases.Carried(occurrence="talks:2", migration=7, at=AT, due_at=AT)),
)


def test_a_case_comes_back_as_it_was() -> None:
    assert codec.load(cases.Case, codec.dump(CASE)) == CASE


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.kind))
def test_every_change_comes_back_as_it_was(change: events.Change) -> None:
    assert codec.load(events.Change, codec.dump(change)) == change


def test_no_kind_of_change_is_left_out_of_these_tests() -> None:
    assert {change.kind for change in CHANGES} == events.CHANGES.keys()


@pytest.mark.parametrize("kind", items.KINDS)
def test_every_kind_of_item_comes_back_as_it_was(kind: str) -> None:
    item_class: Any = items.KINDS[kind]
    hints = codec.hints_of(item_class)
    item = item_class(**{name: SAMPLES.get(hint, COMMON.get(name)) for name, hint in hints.items()})
    assert codec.load(items.Item, codec.dump(item)) == item


def test_a_cause_recorded_before_its_whys_had_sources_is_still_read() -> None:
    old = (
        '{"item":{"agreed_by":["A"],"at":{"instant":"2026-12-01T08:00:00Z"},"by":"amal","disputed_by":[],'
        '"family":"process gap","id":"c","in_control":true,"is_condition":true,"issue":"i","kind":"cause",'
        '"source":"Minutes","state":"open","statement":"No rule","whys":["Nobody asked","Nobody had to"],'
        '"zone":"shared"},"kind":"item recorded"}'
    )
    change = codec.load(events.Change, old)
    assert change.item.whys == (items.Why("Nobody asked"), items.Why("Nobody had to"))
    assert (change.item.family, change.item.setting, change.item.agreed_by) == ("process gap", "", ("A",))


# JSON has one kind of number for both, and a text field is never read as one.
plain_values = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]))
)
values = (
    plain_values
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple)
)


@given(values)
def test_a_field_keeps_its_value_and_its_type(value: Value) -> None:
    change = events.FieldsSet({"field": value})
    again = codec.load(events.Change, codec.dump(change))
    assert again == change
    assert type(again.values["field"]) is type(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), values))
def test_the_text_does_not_depend_on_the_order_of_writing(given_values: dict[str, Value]) -> None:
    backwards = dict(reversed(given_values.items()))
    assert codec.dump(given_values) == codec.dump(backwards)
    assert codec.digest(given_values) == codec.digest(backwards)


def test_canonical_json_has_sorted_keys_no_spaces_and_letters_as_they_came() -> None:
    # The e and its accent are two characters here, and stay two.
    assert codec.dump({"b": ["é", "e\u0301"], "a": None}) == '{"a":null,"b":["é","e\u0301"]}'


def test_an_instant_is_written_in_utc() -> None:
    noon_in_juba = datetime(2026, 12, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert codec.dump(noon_in_juba) == '{"instant":"2026-12-01T10:00:00Z"}'


def test_fractions_from_outside_are_hashed_but_never_mistaken() -> None:
    assert codec.digest({"sum": 1.5}) != codec.digest({"sum": "1.5"})
