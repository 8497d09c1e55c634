"""Annual maximum sea levels at Port Pirie, South Australia, 1923 to 1987, in metres.

Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, example 1.1. What he reports
of them in section 3.4.1: μ 3.87, σ 0.198, ξ −0.050, log-likelihood 4.34, levels of 10 and 100 years
4.30 and 4.69, with 95 % profile intervals of about [4.50, 5.27] for 100 years.
"""

import numpy as np

__all__ = ["LEVELS", "YEARS"]

YEARS = tuple(range(1923, 1988))
LEVELS = np.array([
    4.03, 3.83, 3.65, 3.88, 4.01, 4.08, 4.18, 3.80, 4.36, 3.96, 3.98, 4.69, 3.85, 3.96, 3.85, 3.93,
    3.75, 3.63, 3.57, 4.25, 3.97, 4.05, 4.24, 4.22, 3.73, 4.37, 4.06, 3.71, 3.96, 4.06, 4.55, 3.79,
    3.89, 4.11, 3.85, 3.86, 3.86, 4.21, 4.01, 4.11, 4.24, 3.96, 4.21, 3.74, 3.85, 3.88, 3.66, 4.11,
    3.71, 4.18, 3.90, 3.78, 3.91, 3.72, 4.00, 3.66, 3.62, 4.33, 4.55, 3.75, 4.08, 3.90, 3.88, 3.94,
    4.33,
])  # fmt: skip
