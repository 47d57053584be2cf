"""Every constant of the coaching maths, with the specification's defaults (sections 0 to 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.coaching.commitment import MAX_ACTIVE


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of ``currency`` is worth in the reporting currency from ``day`` until a later rate."""

    currency: str
    day: date
    rate: float


@dataclass(frozen=True, slots=True)
class Settings:
    """The constants. Days, shares and minutes as their names say; money in ``currency``."""

    # 0.1 money and calendar
    currency: str = "USD"
    exchange_rates: tuple[ExchangeRate, ...] = ()
    fiscal_year_start_month: int = 1
    goal_period_months: int = 3

    # windows
    quarter_days: int = 91
    quarter_weeks: int = 13
    year_days: int = 365
    long_window_days: int = 730

    # 0.3 win rate
    pool_min_starts: int = 100
    pool_min_closed: int = 30
    default_win_rate: float = 0.25
    prior_min: float = 5.0
    prior_max: float = 200.0
    prior_few_reps: float = 20.0
    prior_min_reps: int = 8
    prior_min_closed: int = 10
    z_80: float = 1.2816

    # 0.4 win curve
    curve_min_starts: int = 30
    stage_curve_min_entries: int = 30

    # 0.5 deal size
    size_cap_share: float = 0.95
    size_cap_min_wins: int = 20
    size_prior_wins: float = 10.0
    size_variance_min_wins: int = 10
    discount_min_wins: float = 5

    # 0.6 rates per activity
    rate_prior_outcomes: float = 5.0
    pace_min_weeks: float = 4.0

    # 1 cadence
    cadence_steps: tuple[int, int, int] = (7, 14, 28)
    key_activities_per_meeting: float = 20.0
    events_per_meeting: float = 8.0
    key_activity_days: int = 56
    bulk_types: tuple[str, ...] = ("bulk email", "mass email", "marketing email")  # no words: a CRM's
    default_stages: int = 4
    min_stages: int = 3
    max_stages: int = 6
    shorten_margin: float = 0.9
    lengthen_margin: float = 1.1
    lengthen_votes: int = 2
    evaluate_every_days: int = 28
    new_rep_days: int = 90
    new_rep_max_interval: int = 14
    market_wide_share: float = 0.5
    manager_hours_per_week: float = 8.0

    # 1 trend
    trend_z: float = 1.645
    trend_size: float = 0.85
    trend_seasonal_history_days: int = 456
    trend_min_starts: int = 10
    trend_min_activities: int = 20
    trend_min_closed: int = 5

    # 2 agenda
    past_share: float = 0.1
    topic_floor: float = 0.2
    topic_default_shares: tuple[float, float, float] = (0.4, 0.3, 0.3)
    max_goals: int = MAX_ACTIVE
    min_priorities: int = 2
    max_priorities: int = 3

    # 3 win what's winnable
    spread: float = 0.4
    spread_min: float = 0.2
    spread_max: float = 0.6
    spread_factor: float = 1.22
    spread_min_quarters: int = 8
    chance_cap: float = 0.95
    grid_cells: int = 2000
    must_win_swing: float = 0.10
    must_win_candidates: int = 10
    max_must_wins: int = 3

    # 4 pipeline balance
    average_band: float = 0.15
    safe_z: float = 0.6745
    finding_rate_quantile: float = 0.10
    window_shut_share: float = 0.05
    starts_most_pace: float = 4.0

    # 5 performance aspirations
    path_max_quarters: int = 8
    path_max_drivers: int = 2
    quarterly_cap: float = 0.10

    # 6 worth of a commitment
    worth_max_factor: float = 2.0
    usual_activity_days: int = 28

    # 7 four Ps
    key_driver_share: float = 0.25
    shares_min_quarters: int = 20
    progress_high: float = 0.95
    progress_low: float = 0.80
    process_high: float = 0.90
    process_low: float = 0.70
    willingness_high: float = 0.75
    willingness_low: float = 0.50
    willingness_min_commitments: int = 3
    sound_stage_share: float = 0.8
    room_min: float = 0.02
    room_max: float = 0.10
    room_blocks: int = 3
    middle_half_min_reps: int = 4
    loss_min: int = 5
    loss_ratio: float = 1.5
    stale_share: float = 0.30
    over_staged_share: float = 0.20
    overdue_share: float = 0.25
    predict_min_weeks: int = 12
    predict_min_outcomes: int = 30
    predict_rate_sd: float = 0.3
    forecast_days: int = 28
    forecast_min_kept: int = 8
    forecast_min_held: float = 0.65
    forecast_widening: float = 1.25
    plan_years: int = 2
    best_weeks: int = 4
    best_weeks_of: int = 26
    usual_weeks: int = 8
    achievable_own: float = 1.10
    achievable_top: float = 1.25
    monthly_step: float = 0.10

    # 8 and 9 goals and follow-up
    goal_max_days: int = 31
    half_life_days: float = 90.0
    partly_kept: float = 0.5
    on_time_days_weekly: int = 2
    on_time_days: int = 3
    consistency_min: int = 3


DEFAULTS = Settings()
"""The specification's own constants."""
