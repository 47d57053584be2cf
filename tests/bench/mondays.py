"""How near to the floor of Slack's limits a thousand reminders come that fall due at once, in virtual time."""

from __future__ import annotations

from monday import RIGHT, morning  # of tests/slack, which make bench puts on the path

POST = "chat.postMessage"


def report() -> None:
    print(f"{'Slack allows':>14}{'budget':>8}{'messages':>10}{'floor s':>9}{'took s':>9}{'ratio':>7}{'429':>5}", end="")
    print("  sent during a rest")
    for budget in (RIGHT, 2 * RIGHT):
        seen = morning(allowed={POST: RIGHT}, budget={POST: budget})
        floor = len(seen.rows.rows) / RIGHT * 60
        print(f"{RIGHT:>14}{budget:>8}{len(seen.rows.rows):>10,}{floor:>9.0f}{seen.seconds:>9.0f}", end="")
        print(f"{seen.seconds / floor:>7.2f}{seen.slack.refused[POST]:>5}{seen.slack.impatient:>4}")
