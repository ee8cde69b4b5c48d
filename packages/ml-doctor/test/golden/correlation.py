"""Writes correlation.json beside this file: correlations of made-up points, many of them with ties.

Needs numpy and scipy (made with the versions named in the file). Pearson's and Spearman's are scipy's; what a third figure
leaves of a correlation is that of the residuals of two least-squares fits, by numpy.

Usage: python packages/ml-doctor/test/golden/correlation.py
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import pearsonr, spearmanr

draw = np.random.default_rng(11)


def left_by(values, given):
    plane = np.column_stack([np.ones_like(given), given])
    return values - plane @ np.linalg.lstsq(plane, values, rcond=None)[0]


def case(n, digits, scale):
    given = draw.normal(size=n)
    x = np.round(0.8 * given + draw.normal(size=n), digits) * scale
    y = np.round(np.exp(draw.normal(size=n)) - 0.5 * given, digits)
    z = np.round(given, digits)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "given": z.tolist(),
        "pearson": pearsonr(x, y).statistic,
        "spearman": spearmanr(x, y).statistic,
        "partial": pearsonr(left_by(x, z), left_by(y, z)).statistic,
    }


cases = [case(n, digits, scale) for n, digits, scale in [(6, 0, 1), (8, 3, 1e-6), (12, 0, 1), (20, 1, 1e6), (40, 0, 1)]]
lines = ",\n  ".join(json.dumps(each) for each in cases)
Path(__file__).with_suffix(".json").write_text(
    f'{{ "numpy": "{np.__version__}", "scipy": "{scipy.__version__}", "cases": [\n  {lines}\n] }}\n'
)
