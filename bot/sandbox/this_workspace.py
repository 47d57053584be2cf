"""What this very workspace refuses in blocks that are right by the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox.core import Core

Json = dict[str, Any]
IMAGES = (".png", ".jpg", ".jpeg", ".gif")


def problems_here(core: Core, blocks: Sequence[Json]) -> list[str]:
    """Return a sentence for each block of a kind that isn't here yet, and for each image that can't be shown."""
    found: list[str] = []
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if block["type"] in core.missing_blocks:
            found.append(f"[ERROR] unsupported type: {block['type']} [json-pointer:{at}/type]")
        found += [
            f"[ERROR] invalid slack file [json-pointer:{at}{place}/slack_file]"
            for place, image in _images(block)
            if "slack_file" in image and not _can_be_shown(core, image["slack_file"])
        ]
    return found


def _images(block: Json) -> Iterator[tuple[str, Json]]:
    held = [("", block), ("/accessory", block.get("accessory"))]
    held += [(f"/elements/{index}", part) for index, part in enumerate(block.get("elements") or [])]
    return ((place, part) for place, part in held if isinstance(part, dict) and part.get("type") == "image")


def _can_be_shown(core: Core, file: Any) -> bool:
    """Say whether a file that the app uploaded is an image, and processed; each look brings it nearer to that."""
    held = core.files.get(file.get("id", "")) if isinstance(file, dict) and len(file) == 1 else None
    if held is None or "waits" not in held or not held["name"].endswith(IMAGES):
        return False
    waits = int(held["waits"])
    held["waits"] = max(0, waits - 1)
    return waits == 0
