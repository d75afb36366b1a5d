"""How sure a rate of few dossiers is: the Wilson score interval for a proportion.

Nine dossiers of ten on time and nine hundred of a thousand give the same rate, but not the same
certainty. The interval of Wilson (1927) keeps within 0..1 and holds for small numbers, where the
usual "plus or minus" does not; R. G. Newcombe, "Two-sided confidence intervals for the single
proportion", Statistics in Medicine 17 (1998), 857-872, compares seven methods (this is method 3).
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from igate.errors import IgateError
from igate.words.sentence import say

__all__ = ["wilson_interval"]


def wilson_interval(
    successes: int, trials: int, *, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the Wilson score interval of ``successes / trials``, without continuity correction.

    Args:
        successes: Number of dossiers on time.
        trials: Number of dossiers in the denominator.
        confidence: Two-sided confidence, between 0 and 1.

    Returns:
        Lower and upper end, within 0..1; ``None`` where there are no trials: nothing is known.

    Raises:
        IgateError: More successes than trials, a negative number, or no such confidence.

    >>> low, high = wilson_interval(81, 263)
    >>> f"{low:.4f} {high:.4f}"
    '0.2553 0.3662'
    """
    if not 0 <= successes <= trials:
        raise IgateError(
            say("{successes} of {trials} is not a share.", successes=successes, trials=trials)
        )
    if not 0 < confidence < 1:
        raise IgateError(
            say("The confidence {confidence} does not lie between 0 and 1.", confidence=confidence)
        )
    if trials == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = successes / trials, z * z
    middle = share + square / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    low, high = (middle - spread) / scale, (middle + spread) / scale
    # at the ends the true bounds are exactly 0 and 1; rounding may miss them by a hair
    return (0.0 if successes == 0 else low, 1.0 if successes == trials else high)
