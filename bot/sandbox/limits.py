"""Slack's limits on blocks, elements and views, as a table. The numbers are those of the Block Kit reference."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.rules import (
    HOME,
    MESSAGE,
    MODAL,
    Anything,
    Flag,
    Listed,
    Number,
    OneOf,
    Record,
    Rule,
    Str,
    Text,
    Typed,
)

BLOCKS_AT_MOST = {MESSAGE: 50, MODAL: 100, HOME: 100}
VIEW_BYTES = 250_000
MARKDOWN_CHARACTERS = 12_000  # of all markdown blocks of a message together
TABLE_CHARACTERS = 10_000
AT_MOST_IN_A_MESSAGE = {"table": 1, "data_visualization": 2}


def _types(*names: str) -> frozenset[str]:
    return frozenset(names)


_CONFIRM = Record(
    {
        "title": Text(100, required=True),
        "text": Text(300, required=True),
        "confirm": Text(30, required=True),
        "deny": Text(30, required=True),
        "style": OneOf(_types("primary", "danger")),
    }
)
_ACTION_ID = Str(255)
_PLACEHOLDER = Text(150)
_OPTION = Record(
    {
        "text": Text(75, required=True, mrkdwn=True),
        "value": Str(150, required=True),
        "description": Text(75, mrkdwn=True),
        "url": Str(3000),
    }
)
_OPTION_GROUP = Record({"label": Text(75, required=True), "options": Listed(_OPTION, 100, required=True)})


def _select(initial: Mapping[str, Rule], *, many: bool) -> Record:
    several: Mapping[str, Rule] = {"max_selected_items": Number(min=1)} if many else {}
    fields: dict[str, Rule] = {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "confirm": _CONFIRM,
        "focus_on_load": Flag(),
        **initial,
        **several,
    }
    return Record(fields)


def _static(initial: Mapping[str, Rule], *, many: bool) -> Record:
    select = _select(initial, many=many)
    return Record(
        {**select.fields, "options": Listed(_OPTION, 100), "option_groups": Listed(_OPTION_GROUP, 100)},
        any_of=("options", "option_groups"),
        not_both=("options", "option_groups"),
    )


def _choice(initial: Mapping[str, Rule]) -> Record:
    fields: dict[str, Rule] = {
        "action_id": _ACTION_ID,
        "options": Listed(_OPTION, 10, required=True),
        "confirm": _CONFIRM,
        "focus_on_load": Flag(),
        **initial,
    }
    return Record(fields)


def _typing(extra: Mapping[str, Rule]) -> Record:
    fields: dict[str, Rule] = {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "focus_on_load": Flag(),
        "dispatch_action_config": Anything(),
        **extra,
    }
    return Record(fields)


_STRINGS = Listed(Str(255), 100)
_IMAGE_FIELDS: Mapping[str, Rule] = {
    "image_url": Str(3000),
    "slack_file": Anything(),
    "alt_text": Str(2000, required=True),
}

ELEMENTS: Mapping[str, Record] = {
    "plain_text": Record({"text": Str(3000, required=True), "emoji": Flag()}),
    "mrkdwn": Record({"text": Str(3000, required=True), "verbatim": Flag()}),
    "image": Record(_IMAGE_FIELDS, any_of=("image_url", "slack_file"), not_both=("image_url", "slack_file")),
    "button": Record(
        {
            "text": Text(75, required=True),
            "action_id": _ACTION_ID,
            "url": Str(3000),
            "value": Str(2000),
            "style": OneOf(_types("primary", "danger")),
            "confirm": _CONFIRM,
            "accessibility_label": Str(75),
            "visible_to_user_ids": _STRINGS,
        }
    ),
    "overflow": Record({"action_id": _ACTION_ID, "options": Listed(_OPTION, 5, required=True), "confirm": _CONFIRM}),
    "static_select": _static({"initial_option": _OPTION}, many=False),
    "multi_static_select": _static({"initial_options": Listed(_OPTION, 100)}, many=True),
    "external_select": _select({"initial_option": _OPTION, "min_query_length": Number()}, many=False),
    "multi_external_select": _select(
        {"initial_options": Listed(_OPTION, 100), "min_query_length": Number()}, many=True
    ),
    "users_select": _select({"initial_user": Str(255)}, many=False),
    "multi_users_select": _select({"initial_users": _STRINGS}, many=True),
    "conversations_select": _select(
        {
            "initial_conversation": Str(255),
            "default_to_current_conversation": Flag(),
            "response_url_enabled": Flag(),
            "filter": Anything(),
        },
        many=False,
    ),
    "channels_select": _select({"initial_channel": Str(255), "response_url_enabled": Flag()}, many=False),
    "radio_buttons": _choice({"initial_option": _OPTION}),
    "checkboxes": _choice({"initial_options": Listed(_OPTION, 10)}),
    "plain_text_input": _typing(
        {
            "initial_value": Str(3000, min=0),
            "multiline": Flag(),
            "min_length": Number(max=3000),
            "max_length": Number(min=1, max=3000),
        }
    ),
    "number_input": _typing(
        {
            "is_decimal_allowed": Flag(required=True),
            "initial_value": Str(255),
            "min_value": Str(255),
            "max_value": Str(255),
        }
    ),
    "email_text_input": _typing({"initial_value": Str(3000, min=0)}),
    "url_text_input": _typing({"initial_value": Str(3000, min=0)}),
    "rich_text_input": _typing({"initial_value": Anything()}),
    "file_input": Record({"action_id": _ACTION_ID, "filetypes": _STRINGS, "max_files": Number(min=1, max=10)}),
    "datepicker": _select({"initial_date": Str(10)}, many=False),
    "timepicker": _select({"initial_time": Str(5), "timezone": Str(255)}, many=False),
    "datetimepicker": Record(
        {
            "action_id": _ACTION_ID,
            "initial_date_time": Number(),
            "confirm": _CONFIRM,
            "focus_on_load": Flag(),
        },
        surfaces=_types(MESSAGE, MODAL),
    ),
    "feedback_buttons": Record(
        {
            "action_id": _ACTION_ID,
            "positive_button": Anything(required=True),
            "negative_button": Anything(required=True),
        }
    ),
    "icon_button": Record(
        {
            "action_id": _ACTION_ID,
            "icon": Str(255, required=True),
            "text": Text(75, required=True),
            "value": Str(2000),
            "confirm": _CONFIRM,
            "accessibility_label": Str(75),
            "visible_to_user_ids": _STRINGS,
        }
    ),
}

_SELECTS = _types(
    "static_select",
    "multi_static_select",
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
)
_CONTROLS = _SELECTS | _types("button", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker")
ACCESSORIES = _CONTROLS | {"image"}
IN_ACTIONS = _CONTROLS | {"datetimepicker"}
TYPED_INPUTS = _types("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
IN_INPUT = (
    _SELECTS
    | TYPED_INPUTS
    | _types("radio_buttons", "checkboxes", "datepicker", "timepicker", "datetimepicker", "file_input")
)
MODAL_ONLY_ELEMENTS = _types("file_input")
INTERACTIVE = IN_ACTIONS | IN_INPUT | _types("feedback_buttons", "icon_button")

BLOCKS: Mapping[str, Record] = {
    "section": Record(
        {
            "text": Text(3000, mrkdwn=True),
            "fields": Listed(Text(2000, mrkdwn=True), 10),
            "accessory": Typed(ACCESSORIES),
            "expand": Flag(),
        },
        any_of=("text", "fields"),
    ),
    "header": Record({"text": Text(150, required=True), "level": Number(min=1, max=6)}),
    "divider": Record({}),
    "context": Record({"elements": Listed(Typed(_types("image", "plain_text", "mrkdwn")), 10, required=True)}),
    "actions": Record({"elements": Listed(Typed(IN_ACTIONS), 25, required=True)}),
    "input": Record(
        {
            "label": Text(2000, required=True),
            "element": Typed(IN_INPUT, required=True),
            "hint": Text(2000),
            "optional": Flag(),
            "dispatch_action": Flag(),
        }
    ),
    "image": Record(
        {**_IMAGE_FIELDS, "title": Text(2000)},
        any_of=("image_url", "slack_file"),
        not_both=("image_url", "slack_file"),
    ),
    "rich_text": Record({"elements": Listed(Anything(), 1000, at_least=0, required=True)}),
    "markdown": Record({"text": Str(MARKDOWN_CHARACTERS, required=True)}, surfaces=_types(MESSAGE)),
    "table": Record(
        {
            "rows": Listed(Listed(Anything(), 20), 100, required=True),
            "column_settings": Listed(Anything(), 20),
        },
        surfaces=_types(MESSAGE, HOME),
    ),
    "data_table": Record(
        {
            "caption": Anything(required=True),
            "rows": Listed(Listed(Anything(), 20), 101, at_least=2, required=True),
            "page_size": Number(min=1, max=100),
        },
        surfaces=_types(MESSAGE, HOME),
    ),
    "data_visualization": Record(
        {"title": Str(50, required=True), "chart": Anything(required=True)}, surfaces=_types(MESSAGE)
    ),
    "card": Record(
        {
            "title": Text(150, mrkdwn=True),
            "subtitle": Text(150, mrkdwn=True),
            "body": Text(200, mrkdwn=True),
            "subtext": Text(200, mrkdwn=True),
            "hero_image": Anything(),
            "icon": Anything(),
            "slack_icon": Anything(),
            "actions": Listed(Typed(_types("button")), 5),
        },
        any_of=("hero_image", "title", "body", "actions"),
    ),
    "carousel": Record({"elements": Listed(Anything(), 10, required=True)}, surfaces=_types(MESSAGE, HOME)),
    "container": Record(
        {
            "title": Text(150),
            "rich_text_title": Anything(),
            "subtitle": Text(150, mrkdwn=True),
            "icon": Anything(),
            "child_blocks": Listed(Anything(), 10, required=True),
            "width": OneOf(_types("narrow", "standard", "wide", "full")),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        not_both=("is_collapsible", "has_header_divider"),
        surfaces=_types(MESSAGE, HOME),
    ),
    "alert": Record(
        {
            "text": Text(3000, required=True, mrkdwn=True),
            "level": OneOf(_types("default", "info", "warning", "error", "success")),
        },
        surfaces=_types(MODAL),
    ),
    "context_actions": Record(
        {"elements": Listed(Typed(_types("feedback_buttons", "icon_button")), 5, required=True)},
        surfaces=_types(MESSAGE),
    ),
}

VIEWS: Mapping[str, Record] = {
    MODAL: Record(
        {
            "title": Text(24, required=True),
            "submit": Text(24),
            "close": Text(24),
            "blocks": Anything(required=True),
            "callback_id": Str(255, min=0),
            "private_metadata": Str(3000, min=0),
            "external_id": Str(255, min=0),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        }
    ),
    HOME: Record(
        {
            "blocks": Anything(required=True),
            "callback_id": Str(255, min=0),
            "private_metadata": Str(3000, min=0),
            "external_id": Str(255, min=0),
        }
    ),
}
