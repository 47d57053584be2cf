"""Whether the words of a goal make it depend on the customer (specification, section 8, test 1).

The rule, clause by clause. A clause that begins with something a rep does alone ("send", "practise", "review", "ask")
is the rep's own, whatever follows: asking for an order needs nobody's yes, and the purpose of an act isn't its test.
Any other clause is the customer's if it names a customer's decision ("won", "signs", "revenue", "quota"), unless that
word only says which thing of the rep's is meant ("win plan", "closing questions"), or if it asks to get something
that only a customer gives ("get a meeting", "get them to buy"). Conditions ("until they sign") are clauses too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile

from bot.coaching.goals import german_sales_words


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


DECISIONS = _each(  # no words: what reps type
    """
    win wins winning won lose loses losing lost close closes closing closed sign signs signing signed signature
    signatures countersigned buy buys buying bought purchase purchases purchased sell sells selling sold sale sales
    upsell upsells renew renews renewed renewal renewals land lands landed convert converts converted replies
    responds pays approves approved approval approvals agrees agreed accepts accepted decides decided chooses chose
    revenue quota quotas bookings turnover stage stages churn
    """
)
"""What only a customer decides, and the fields that change with it."""

OWN_ACTS = _each(  # no words: what reps type
    """
    add analyse analyze ask attend call check clean coach compare correct debrief describe dial document draft email
    explain file finalise finalize fix follow identify interview invite learn leave list listen log map mark measure
    message name note observe offer outline phone plan post practice practise prepare present propose prospect publish
    question read record rehearse remind research review revise role-play roleplay run score send shadow share study
    submit suggest summarise summarize talk test text think update visit walk watch write
    """
)
"""What a rep does alone; done is done, whatever the customer answers."""

OWN_THINGS = _each(  # no words: what reps type
    """
    agenda analysis article audit book brief call calls certificate certification chapter checklist coaching course
    deck draft drill drills email emails exercise exercises framework guide interview interviews letter letters list
    memo method module modules notes page pitch plan plans playbook practice presentation question questions review
    reviews role-play role-plays roleplay roleplays script scripts session sessions skill skills story stories
    strategy summary talk task tasks technique techniques template templates training video videos webinar workshop
    worksheet
    """
)
"""Things a rep makes or uses: in "win plan review" the win is theirs."""

GETTING = _each(  # no words: what reps type
    """
    get gets getting got gain gains obtain obtains secure secures book books arrange arranges schedule schedules set
    land lands bring brings earn earns generate generates collect collects receive receives have has hold holds
    achieve achieves
    """
)
GIVEN = _each(  # no words: what reps type
    """
    meeting meetings appointment appointments demo demos access answer answers reply replies response responses
    feedback yes commitment commitments approval order orders contract contracts deal deals customer customers logo
    logos referral referrals budget decision intro introduction introductions po
    """
)
"""What a customer gives or not."""

REACHING = _each("hit hits beat beats reach reaches exceed exceeds make makes crush attain attains meet")  # no words
AIMS = _each("target targets number numbers forecast budget goal goals")  # no words

ANSWERS = _each(  # no words: what reps type
    "answer answers reply replies respond responds agree accept approve decide choose pay pays commit commits"
)
"""What a customer does in a condition ("until they answer") or is brought to ("have Ms Lee agree")."""

FILLERS = _each(  # no words: what reps type
    "i i'll we we'll you you'll will shall to please let's just also more another extra at least"
)
INTENTIONS = _each("plan aim try want intend hope expect need going")  # no words
CAUSING = _each("get gets getting got")  # no words
PERSUADING = _each("have make help convince persuade ensure push bring")  # no words
PAIR = 2
SELF = _each("me myself us ourselves")  # no words
STOPS = _each(  # no words: what reps type
    """
    a an the this that these those to for of with at by from in on into about over under before after within per each
    every his her their its our your until and or
    """
)
CONDITION = _each("until till once when if unless")  # no words
RELATIVE = _each("that which")  # no words
RESULT = _each("lead leads result results end ends turn turns become becomes")  # no words

_CLAUSE = re.compile(r"[,;:.!?](?:\s|$)|\s(?:and|then|plus|or|but)\s|\s[-\u2013\u2014]\s|[()&+]")
_WORD = re.compile(r"[^\W_][\w'\u2019%-]*")


def customers_words(title: str, own_names: Iterable[str] = (), customer: str = "") -> str | None:
    """Return the words of a goal's title that make it depend on the customer, None where it is the rep's own.

    ``own_names`` are the playbook's activities, skills and resources: a company's own words for what a rep does.
    ``customer`` is the deal's or account's name, which may hold any word ("Globex renewal"). English and German.
    """
    text = _plain(title)
    if customer.strip():
        text = re.sub(rf"(?<!\w){re.escape(_plain(customer.strip()))}(?!\w)", "it", text)
    for name in sorted({_plain(name) for name in own_names if name.strip()}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?:s|es)?(?!\w)", " practice ", text)
    text = german_sales_words.with_umlauts(text)
    if german_sales_words.is_german(_WORD.findall(text)):
        return german_sales_words.customers_words(text)
    for clause in _CLAUSE.split(text):
        found = _in_clause(_words(clause))
        if found is not None:
            return found
    return None


def begins_with_own_act(title: str) -> bool:
    """Say whether a title begins with something a rep does alone: "review 5 deals" counts reviews."""
    words = _words(german_sales_words.with_umlauts(_plain(title)))
    if german_sales_words.is_german(words):
        return german_sales_words.begins_with_own_act(words)
    main = words[_begin(words) :]
    return bool(main) and _is_own_act(main[0])


def _plain(text: str) -> str:
    return text.lower().replace("\u2019", "'")


def _words(clause: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(clause):
        parts = word.split("-")
        # "closed-won" speaks of a decision, "early-stage" of a kind of account.
        words.extend(parts if parts[0] in DECISIONS and len(parts) == PAIR else [word])
    return words


def _in_clause(words: Sequence[str]) -> str | None:
    start = _begin(words)
    condition = next((place for place, word in enumerate(words) if word in CONDITION), len(words))
    after = words[condition + 1 :]
    found = _decision(after) or _getting(after)
    if found is None and after[:1] != ["i"]:
        found = next((word for word in after if word in ANSWERS), None)
    if found is not None:
        return found
    main = words[start:condition]
    for place, word in enumerate(main[:-1]):
        if word in RELATIVE and main[place - 1 : place] != ["so"]:
            found = _result(main[place + 1 :])
            if found is not None:
                return found
    if main and _is_own_act(main[0]):
        return None
    told = _without_purpose(main)
    persuaded = next((word for word in told if word in ANSWERS), None) if told and told[0] in PERSUADING else None
    return _decision(told) or _getting(told) or persuaded


def _without_purpose(words: Sequence[str]) -> Sequence[str]:
    """Leave out what only describes a thing of the rep's: "calls" in "20 calls to accounts that signed"."""
    if words and words[0] in CAUSING:  # "get the call with Acme signed off"
        return words
    for place, (word, following) in enumerate(pairwise(words), start=1):
        if word in OWN_THINGS and following in STOPS:
            return words[:place]
    return words


def _begin(words: Sequence[str]) -> int:
    """Return the place of the first word that isn't a filler, a number or an intention ("I plan to")."""
    place = 0
    while place < len(words):
        word = words[place]
        if word in INTENTIONS and words[place + 1 : place + 2] == ["to"]:
            place += 2
        elif word in FILLERS or word[0].isdigit():
            place += 1
        else:
            break
    return place


def _is_own_act(word: str) -> bool:
    bare = word.removesuffix("ing")
    return bool({word, word.removesuffix("s"), word.removesuffix("es"), bare, f"{bare}e"} & OWN_ACTS)


def _decision(words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        signed_off = place == 0 and word == "sign" and rest[:1] == ["off"]  # what a rep does with the manager
        if word in DECISIONS and not signed_off and not _only_names(word, rest):
            return word
    return None


def _only_names(word: str, rest: Sequence[str]) -> bool:
    """Say whether the word only says which thing of the rep's is meant, or isn't meant that way at all."""
    if word == "sales":  # "sales team" is no sale, "three sales" are
        return bool(rest) and rest[0] not in STOPS
    if (word == "close" and rest[:1] == ["to"]) or (word == "sign" and rest[:2] == ["up", "for"]):
        return True
    following = rest[1:] if rest[:1] == ["my"] else rest
    near: list[str] = []
    for other in following[:3]:
        if other in STOPS or other[0].isdigit():
            break
        near.append(other)
    return any(other in OWN_THINGS for other in near)


def _getting(words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        if word in GETTING:
            wanted = list(takewhile(lambda other: other != "to", rest))
            given = next((one for n, one in enumerate(wanted) if one in GIVEN and not _is_thing(wanted[n + 1 :])), None)
            if given is not None:
                return f"{word} {given}"
            if word in CAUSING and "to" in rest[1:] and rest[0] not in SELF:
                return f"{word} {rest[0]} to"
        if word in REACHING:
            aim = next((other for other in rest if other in AIMS), None)
            if aim is not None:
                return f"{word} {aim}"
    # "5 meetings" alone counts what customers granted.
    if words and any(word in {"meeting", "meetings", "appointment", "appointments"} for word in words[:2]):
        place = 0 if words[0] in GIVEN else 1
        if not _is_thing(words[place + 1 :]):
            return words[place]
    return None


def _is_thing(rest: Sequence[str]) -> bool:
    return bool(rest) and rest[0] in OWN_THINGS


def _result(words: Sequence[str]) -> str | None:
    """Return what a relative clause ("calls that get a meeting") waits for; the past tense only describes."""
    first = words[0]
    if first in RESULT:
        return first
    if first in DECISIONS and not first.endswith("ed") and first not in {"won", "lost", "bought", "sold", "chose"}:
        return first
    return _getting(words) if first in GETTING else None
