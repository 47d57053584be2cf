"""Whatever others answered, none of our secrets is told, and each reader is still told it in the own language."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import wording
from bot.coaching.said import Said, capital, joined, listed, listed_or, midway, named, say, say_many
from bot.config import load
from bot.doctor.secrecy import CUT, without_secrets
from bot.services.ports.checkups import Finding
from bot.storage.kept_words import kept, read
from bot.views.languages import GERMAN, LANGUAGES

TOKEN, PASSWORD = "xoxb-hunter2-long", "hunter 3/7"
ENVIRONMENT = {
    "SLACK_BOT_TOKEN": TOKEN,
    "SLACK_APP_TOKEN": "xapp-hunter4",
    "SLACK_SIGNING_SECRET": "hunter5",
    "CADENCE_SECRET_KEYS": "hunter6,xoxb-hunter2",
    "CADENCE_DATABASE_URL": "postgresql://cadence:hunter%203%2F7@db/cadence",
}
SECRETS = (TOKEN, "xapp-hunter4", "hunter5", "hunter6", "xoxb-hunter2", PASSWORD, "hunter%203%2F7")
DATA = st.one_of(
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=6),
    st.sampled_from(SECRETS),
    st.sampled_from(SECRETS).map(lambda secret: f"invalid_auth: {secret}!"),
    st.integers(0, 9999).map(wording.whole),
    st.sampled_from(SECRETS).map(lambda secret: wording.units(3, secret)),
    st.sampled_from(SECRETS).map(lambda secret: wording.money(3, secret)),
)
TEXTS = st.recursive(
    DATA,
    lambda inner: st.one_of(
        inner.map(
            lambda why: say("can't be used ({why}): check CADENCE_DATABASE_URL, then run cadence migrate", why=why)
        ),
        inner.map(lambda one: say_many("{n} goal of {who}", "{n} goals of {who}", 2, who=one)),
        inner.map(capital),
        inner.map(midway),
        inner.map(lambda one: read(kept(one))),
        st.lists(inner, min_size=1, max_size=3).map(listed),
        st.lists(inner, min_size=1, max_size=3).map(listed_or),
        st.lists(inner, min_size=1, max_size=3).map(lambda lines: joined(lines, "\n")),
    ),
    max_leaves=6,
)


def told(text: str, **changes: str) -> str:
    (found,) = without_secrets(
        [Finding("Slack", good=False, sentence=text)], load(ENVIRONMENT | changes, need_slack=False)
    )
    return found.sentence


def refused(code: str) -> str:
    return say("refused or not reached ({code}): check SLACK_BOT_TOKEN and SLACK_API_URL", code=code)


def test_a_name_in_the_middle_of_a_sentence_is_told_in_each_language_beside_a_secret() -> None:
    said = told(say("{name} ({why})", name=midway(named("Discovery questions")), why=TOKEN))
    assert GERMAN.written(said) == f"Fragen zur Bedarfsklärung ({CUT})"


@given(TEXTS)
def test_no_secret_is_in_what_is_told_or_stored_in_any_language(text: str) -> None:
    said = told(text)
    everything = [kept(said), *(language.written(said) for language in LANGUAGES)]
    everything += [json.dumps(said.memory(), ensure_ascii=False)] if isinstance(said, Said) else []
    assert [secret for secret in SECRETS for one in everything if secret in one] == []


@pytest.mark.parametrize(
    "text",
    [
        refused(TOKEN),
        refused(say("can't be read ({when}): {why}", when=say("never read yet"), why=f"Bearer {TOKEN}")),
        joined([refused(TOKEN), say("nobody has a manager: fill manager_email in people.csv and import it again")]),
        read(kept(refused(TOKEN))),
    ],
)
def test_what_is_cut_is_the_secret_and_not_the_sentence(text: str) -> None:
    said = told(text)
    assert said == str.__str__(text).replace(TOKEN, CUT)
    german = GERMAN.written(said)
    assert CUT in german
    assert german == GERMAN.written(text).replace(TOKEN, CUT)
    assert german != said


def test_what_holds_no_secret_stays_with_all_it_remembers() -> None:
    text = listed([refused("invalid_auth"), wording.money(3)])
    said = told(text)
    assert isinstance(said, Said)
    assert isinstance(text, Said)
    assert (said, said.memory()) == (text, text.memory())


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Slack", say("Slack socket")),
        ("2017", say("last read well on {when} UTC", when=wording.number(2017))),
        ("2.017", say("last read well on {when} UTC", when=wording.number(2017))),
        ("3", say_many("{n} goal", "{n} goals", 3)),
        ("gelesen", say("never read yet")),
    ],
)
def test_a_secret_in_our_own_words_of_one_language_leaves_english_without_it(secret: str, text: str) -> None:
    said = told(text, SLACK_SIGNING_SECRET=secret)
    assert [secret in language.written(said) for language in LANGUAGES] == [False, False]
    assert said == str.__str__(text).replace(secret, CUT)
