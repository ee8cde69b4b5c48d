"""Writes lira.json beside this file: LiRA's scores on made-up confidences, to 50 digits with mpmath.

Needs mpmath (made with the version named in the file). Written from Algorithm 1 of Carlini et al. (S&P 2022), with
medians for the centres and numpy.std's divisor n as in the authors' code; the fixed deviation is pooled around each
group's mean, with the degrees of freedom that the means leave.

Usage: python packages/ml-doctor/test/golden/lira.py
"""
import json
import random
from pathlib import Path

import mpmath
from mpmath import mpf

mpmath.mp.dps = 50
RECORDS, SHADOWS, VIEWS = 6, 8, 3
random.seed(4)


def draw(centre):
    return round(random.gauss(centre, 1.5), 3)


def median(values):
    values, half = sorted(values), len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def squares(values):
    mean = mpmath.fsum(values) / len(values)
    return mpmath.fsum((v - mean) ** 2 for v in values)


def log_density(phi, centre, deviation):
    z = (phi - centre) / deviation
    return -z * z / 2 - mpmath.log(deviation * mpmath.sqrt(2 * mpmath.pi))


# Every record is in half of the shadow models, in a pattern of its own; record 5 is far from everything.
inside = [[int((model // 2 + model + record // (model // 2 + 1)) % 2 == 0) for record in range(RECORDS)] for model in range(SHADOWS)]
for model in range(1, SHADOWS, 2):
    inside[model] = [1 - flag for flag in inside[model - 1]]
shadows = [[[draw(record - 2 + 2 * inside[model][record]) for record in range(RECORDS)] for _ in range(VIEWS)] for model in range(SHADOWS)]
target = [[draw(record - 1) for record in range(RECORDS)] for _ in range(VIEWS)]
for view in range(VIEWS):
    target[view][RECORDS - 1] = 300.5 + view


def group(view, record, flag):
    return [mpf(str(shadows[m][view][record])) for m in range(SHADOWS) if inside[m][record] == flag]


def pooled(views, flags):
    groups = [group(v, r, flag) for v in range(views) for r in range(RECORDS) for flag in flags]
    return mpmath.sqrt(mpmath.fsum(map(squares, groups)) / sum(len(g) - 1 for g in groups))


def scores(views, mode, variance):
    shared = pooled(views, (1, 0) if mode == "online" else (0,))
    found = []
    for record in range(RECORDS):
        terms = []
        for view in range(views):
            phi = mpf(str(target[view][record]))
            fits = []
            for flag in (1, 0):
                values = group(view, record, flag)
                own = mpmath.sqrt(squares(values) / len(values))
                fits.append((median(values), shared if variance == "fixed" else own))
            if mode == "online":
                terms.append(log_density(phi, *fits[0]) - log_density(phi, *fits[1]))
            else:
                z = (phi - fits[1][0]) / fits[1][1]
                tail = mpmath.erfc(-z / mpmath.sqrt(2)) / 2, mpmath.erfc(z / mpmath.sqrt(2)) / 2
                terms.append(mpmath.log(tail[0]) - mpmath.log(tail[1]))
        found.append(float(mpmath.fsum(terms) / views))
    return found


rows = [[0.5, 2.25, -1.0], [30.0, -12.5, 4.0], [-60.0, 80.0, 3.5], [7.0, 7.0, 7.0], [1000.0, 0.0, 1.0]]
confidences = []
for row in rows:
    weights = [mpmath.exp(mpf(z)) for z in row]
    posterior = [w / mpmath.fsum(weights) for w in weights]
    confidences.append([float(mpmath.log(p / (1 - p))) for p in posterior]) if max(row) < 100 else confidences.append(
        [float(mpmath.log(weights[y]) - mpmath.log(mpmath.fsum(w for j, w in enumerate(weights) if j != y))) for y in range(3)]
    )

golden = {
    "madeWith": f"mpmath {mpmath.__version__}",
    "logits": rows,
    "confidences": confidences,
    "target": target,
    "shadows": shadows,
    "inside": inside,
    "scores": [
        {"views": views, "mode": mode, "variance": variance, "scores": scores(views, mode, variance)}
        for views in (1, VIEWS)
        for mode in ("online", "offline")
        for variance in ("per-example", "fixed")
    ],
}
(Path(__file__).resolve().parent / "lira.json").write_text(json.dumps(golden, indent=2) + "\n")
