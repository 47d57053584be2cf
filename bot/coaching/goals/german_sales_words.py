"""Whether the words of a goal typed in German make it depend on the customer (specification, section 8, test 1).

The rule is that of ``sales_words``, by German grammar: what is done stands first ("rufe 20 Kunden an") or last ("20
Kunden anrufen"), and the rest of the clause is whose it is. Compounds say by themselves which thing is meant: an
"Abschlussplan" is no "Abschluss". Purposes ("um einen Termin zu bekommen", "damit Acme kauft") and questions ("ob sie
kaufen") leave the act the rep's own; conditions ("bis sie kaufen") don't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_SPLIT = re.compile(r"[,;:!?]\s*|\.(?:\s|$)|\s[-\u2013\u2014]\s|[()&+]")
_AND = re.compile(r"\s(?:und|oder|dann|aber|plus)\s")
_WORD = re.compile(r"[^\W_][\w'\u2019%-]*")


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = _each(  # no words: what reps type
    """
    an|rufen telefonieren schicken senden verschicken zu|schicken zu|senden mailen schreiben an|schreiben
    auf|schreiben üben proben vor|bereiten nach|bereiten prüfen durch|sehen durch|gehen an|sehen an|schauen lesen
    durch|lesen lernen fragen nach|fragen bitten ein|laden vor|schlagen an|bieten recherchieren notieren
    dokumentieren ein|tragen erfassen pflegen aktualisieren planen erstellen entwerfen aus|arbeiten überarbeiten
    besprechen vor|stellen präsentieren zeigen besuchen teilen beobachten begleiten zu|hören auf|nehmen aus|werten
    analysieren zusammen|fassen trainieren wiederholen beantworten nach|fassen kontaktieren an|sprechen interviewen
    coachen bewerten testen suchen sammeln blocken reservieren melden vergleichen markieren korrigieren
    veröffentlichen erklären beschreiben
    """
)
"""What a rep does alone, as infinitives; a separable prefix stands before the stroke."""

IRREGULAR = _each("lies sieh nimm gib sprich entwirf übe")  # no words

DECISIONS = _each(  # no words: what reps type
    """
    gewinnen gewinne gewinnt gewonnen gewonnene verlieren verliere verliert verloren unterschreiben unterschreibt
    unterschrieben unterschriebene unterzeichnen unterzeichnet kaufen kauft gekauft verkaufen verkaufe verkauft
    bestellen bestellt beauftragen beauftragt verlängern verlängere verlängert zustimmen zustimmt stimmt zusagen
    zusagt genehmigen genehmigt freigeben freigibt entscheiden entscheidet annehmen annimmt akzeptieren akzeptiert
    bezahlen bezahlt zahlt überzeugen überzeuge kündigen kündigt abschließen abschließe abschließt abgeschlossen
    abgeschlossene abzuschließen schließe closen close closed win kauf abschluss abschlüsse umsatz umsätze verkauf
    verkäufe verlängerung verlängerungen unterschrift unterschriften quote gewinnquote auftragseingang neukunden
    vertragsabschluss vertragsabschlüsse neugeschäft zumachen zumache zugemacht dichtmachen dichtmache dichtgemacht
    eintüten eintüte eingetütet
    """
)
"""What only a customer decides, and the figures that change with it."""

PRESENT = _each("gewinnen gewinnt unterschreiben unterschreibt kaufen kauft bestellen bestellt abschließen")  # no words
PAST = _each("haben hat hatten hatte wurden wurde sind waren war")  # no words
COMPLETING = _each("abschließen abschließe abzuschließen abgeschlossen schließe")  # no words
ANSWERS = _each(  # no words: what reps type
    "antworten antwortet antworte zurückrufen zurückruft reagieren reagiert zusagen zusagt zustimmen zustimmt"
)

GETTING = _each(  # no words: what reps type
    """
    bekommen bekomme kriegen kriege holen hole einholen erhalten erhalte sichern sichere vereinbaren vereinbare
    ausmachen buchen buche bringen bringe erzielen erziele machen mache mach haben habe schaffen schaffe erreichen
    gewinnen generieren setzen setze vergeben legen
    """
)
GIVEN = _each(  # no words: what reps type
    """
    termin termine terminen meeting meetings demo demos zusage zusagen antwort antworten freigabe freigaben auftrag
    aufträge bestellung bestellungen vertrag verträge budget kunde kunden referenz referenzen empfehlung
    empfehlungen entscheidung rückmeldung rückmeldungen feedback zugang deal deals logo logos ja pilot pilotprojekt
    """
)
"""What a customer gives or not."""

BARE = _each("termin termine terminen meeting meetings kundentermin kundentermine ersttermin ersttermine")  # no words
"""What counts as granted by customers where nothing is said of it but the number."""

REACHING = _each(  # no words: what reps type
    "erreichen erreiche schaffen schaffe übertreffen übertreffe erfüllen erfülle knacken knacke treffen machen mache"
)
AIMS = ("ziel", "ziele", "zahl", "zahlen", "forecast", "quote", "budget")  # no words
OWN_THINGS = (  # no words: what reps type
    *("anruf", "anrufe", "anrufen", "call", "calls", "mail", "mails", "rollenspiel", "rollenspiele", "rollenspielen"),
    *(
        "übung",
        "übungen",
        "training",
        "trainings",
        "kurs",
        "kurse",
        "schulung",
        "schulungen",
        "modul",
        "module",
        "plan",
    ),
    *("pläne", "liste", "listen", "notiz", "notizen", "fragen", "leitfaden", "vorlage", "vorlagen", "präsentation"),
    *("deck", "analyse", "analysen", "auswertung", "durchsicht", "entwurf", "kapitel", "buch", "video", "videos"),
    *("session", "sessions", "vorbereitung", "gespräch", "gespräche", "zertifikat", "zertifizierung", "workshop"),
    *("webinar", "skript", "geschichte", "aufgabe", "aufgaben", "seminar", "practice"),
)
"""How things end that a rep makes or uses: "Abschlussplan" ends with one."""

RESULTS = _each("führen führt führe enden endet bringen bringt werden wird resultieren")  # no words
RELATIVE = _each("die der das denen")  # no words
PURPOSE = _each("um damit ob wann warum wieso wie was wer welche welcher welches weil")  # no words
CONDITION = _each("bis wenn sobald falls solange bevor")  # no words
FILLERS = _each(  # no words: what reps type
    """
    ich wir du bitte noch mehr weitere weiteren zusätzliche zusätzlich mindestens will möchte werde wollen möchten
    werden jeden jede jedes pro ein eine einen einem eins zwei drei vier fünf sechs sieben acht neun zehn neue neuen
    """
)
STOPS = _each(  # no words: what reps type
    """
    zu zum zur für mit an am bei über von vom in im auf nach aus der des den dem die das ein eine einen einem einer
    und
    """
)
SIGNS = _each(  # no words: what reps type
    """
    und oder für bei bis zum zur dem eine einen einem einer ich wir jede jeden jeder jedes mehr noch weitere
    weiteren zusätzliche über nach neue neuen meine meinen meiner mein unsere unseren damit dass ob wenn sobald beim
    zwei drei vier fünf sechs sieben acht neun zehn woche wochen monat anrufe anruf kunden kunde fragen
    """
)
"""Words that are German and no English."""

ENGLISH_TOO = _each(  # no words: what reps type
    """
    close closed win meeting meetings demo demos feedback deal deals logo logos ja pilot budget quote plane
    probe lade hole mach
    """
)


def _forms(verb: str) -> Iterator[str]:
    """Yield how a verb is written: infinitive, with "zu", first person, imperative."""
    prefix, _, base = verb.rpartition("|")
    stem = base.removesuffix("en") if base.endswith("en") else base.removesuffix("n")
    yield prefix + base
    if prefix:
        yield f"{prefix}zu{base}"
    yield from (stem + "e", stem)


ENDING_ACTS = frozenset(form for verb in VERBS for form in list(_forms(verb))[: 2 if "|" in verb else 1])
STEMS = frozenset(list(_forms(verb))[-1] for verb in VERBS) | IRREGULAR
"""Imperatives such as "send" and "lies", which may be English."""

BEGINNING_ACTS = frozenset(form for verb in VERBS for form in _forms(verb)) | IRREGULAR


def is_german(words: Sequence[str]) -> bool:
    """Say whether a title, in lower case, is German by any of its words."""
    return any(word in SIGNS or word in _TELLING for word in words)


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_KNOWN = (
    BEGINNING_ACTS
    | ENDING_ACTS
    | DECISIONS
    | GETTING
    | GIVEN
    | REACHING
    | SIGNS
    | RESULTS
    | CONDITION
    | frozenset(OWN_THINGS)
)
_SPELT = {word.translate(_UMLAUTS): word for word in _KNOWN if word != word.translate(_UMLAUTS)}
"""How known words are written where the keyboard has no umlauts."""

_TELLING = (BEGINNING_ACTS - STEMS | DECISIONS | GETTING | GIVEN | REACHING | BARE) - ENGLISH_TOO


def with_umlauts(text: str) -> str:
    """Return a title, in lower case, with the umlauts of the words that are known: "uebe" is "übe"."""
    return _WORD.sub(lambda word: _SPELT.get(word[0], word[0]), text)


def customers_words(text: str) -> str | None:
    """Return the words of a German title that make it depend on the customer, None where it is the rep's own.

    ``text`` is in lower case, with "it" for the customer and "practice" for what the playbook has a name for.
    """
    for place, sentence in enumerate(_SPLIT.split(text)):
        for clause in _clauses(sentence):
            found = _in_clause(_WORD.findall(clause), follows=place > 0)
            if found is not None:
                return found
    return None


def begins_with_own_act(words: Sequence[str]) -> bool:
    """Say whether a German title is about something a rep does alone: "prüfe 5 Deals", "5 Deals prüfen"."""
    main = words[_begin(words) :]
    return bool(main) and (main[0] in BEGINNING_ACTS or main[-1] in ENDING_ACTS)


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the clauses between "und": what has no verb belongs to what follows it ("Angebot und Vertrag prüfen")."""
    waiting = ""
    parts = _AND.split(sentence)
    for place, part in enumerate(parts):
        waiting = f"{waiting} {part}".strip()
        if place == len(parts) - 1 or any(_is_verb(word) for word in _WORD.findall(part)):
            yield waiting
            waiting = ""


def _is_verb(word: str) -> bool:
    return (
        word in BEGINNING_ACTS
        or word in GETTING
        or word in REACHING
        or (word in DECISIONS and word.endswith(("n", "t")))
    )


def _in_clause(words: Sequence[str], *, follows: bool) -> str | None:
    if not words or words[0] in PURPOSE:
        return None
    if follows and words[0] in RELATIVE and len(words) > 1 and words[-1] in RESULTS | PRESENT | GETTING | PAST:
        return words[-1] if words[-1] in RESULTS | PRESENT else None
    condition = next((place for place, word in enumerate(words) if word in CONDITION), len(words))
    after = words[condition + 1 :]
    found = next((word for word in after if word in DECISIONS or word in ANSWERS), None) or _getting(after)
    if found is not None:
        return found
    main = words[:condition]
    main = main[: next((place for place, word in enumerate(main) if word in PURPOSE and place), len(main))]
    main = main[_begin(main) :]
    if not main or main[0] in BEGINNING_ACTS or main[-1] in ENDING_ACTS:
        return None
    told = _without_purpose(main)
    if any(word in COMPLETING for word in told) and any(word.endswith(OWN_THINGS) for word in told):
        return None  # "den Kurs abschließen"
    return next((word for word in told if word in DECISIONS), None) or _getting(told) or _bare(told)


def _begin(words: Sequence[str]) -> int:
    return next((place for place, word in enumerate(words) if not (word in FILLERS or word[0].isdigit())), len(words))


def _without_purpose(words: Sequence[str]) -> Sequence[str]:
    """Leave out what only describes a thing of the rep's: "Rollenspiele" in "3 Rollenspiele zum Abschluss"."""
    for place in range(1, len(words)):
        if words[place - 1].endswith(OWN_THINGS) and words[place] in STOPS:
            return words[:place]
    return words


def _getting(words: Sequence[str]) -> str | None:
    """Return a verb of getting with what only a customer gives; German has the verb before or after it."""
    verb = next((word for word in words if word in GETTING), None)
    given = next((word for word in words if word in GIVEN), None)
    if verb is not None and given is not None:
        return f"{given} {verb}"
    verb = next((word for word in words if word in REACHING), None)
    aim = next((word for word in words if word.endswith(AIMS)), None)
    return f"{aim} {verb}" if verb is not None and aim is not None else None


def _bare(words: Sequence[str]) -> str | None:
    return words[0] if words and words[0] in BARE else None
