"""Which of a source's stages the playbook places."""

from __future__ import annotations

from collections.abc import Iterable

from bot.coaching.basis.cleaning import bare_name
from bot.coaching.playbook import Playbook
from bot.coaching.records import DealStatus
from bot.services.source import SourceStage


def placed_stages(playbook: Playbook, stages: Iterable[tuple[SourceStage, str]]) -> frozenset[str]:
    """Return the names under which those are shown that are in a stage of the playbook."""
    return frozenset(shown for _, shown in stages if _is_placed(playbook, shown))


def unplaced_stages(
    playbook: Playbook, stages: Iterable[tuple[SourceStage, str]]
) -> tuple[tuple[SourceStage, str], ...]:
    """Return the open stages that are in none, each with the name to write there."""
    return tuple(
        (stage, shown)
        for stage, shown in stages
        if stage.status is DealStatus.OPEN and not stage.archived and not _is_placed(playbook, shown)
    )


def _is_placed(playbook: Playbook, shown: str) -> bool:
    return bare_name(shown) in {bare_name(crm) for stage in playbook.stages for crm in (stage.name, *stage.crm)}
