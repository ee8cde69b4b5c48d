"""Writes random-forest.json beside this file: what scikit-learn's random forests come to on the bundled data.

Needs scikit-learn (made with 1.9). Twenty forests of 100 trees each with default settings, seeds 0 to 19, on the first
1,000 records, judged on the next 1,000. The test beside the forest in src/models compares one forest of ours: its
figures must lie within the spread of these.

Usage: python packages/ml-doctor/test/golden/random_forest.py
"""
import csv
import gzip
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier

TRAIN, TEST, SEEDS = 1000, 1000, 20
here = Path(__file__).resolve().parent
data = here.parent.parent / "data"


def fashion():
    with gzip.open(data / "fashion-mnist" / "t10k-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(data / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return images.astype(np.float32), labels


def adult():
    """One column a number, one 0/1 column a category, as ours: 108 in all when every category has a column."""
    rows = []
    for name in ("adult.data.gz", "adult.test.gz"):
        with gzip.open(data / "adult" / name, "rt") as file:
            rows += [[field.strip() for field in row] for row in csv.reader(file) if len(row) == 15]
    columns = []
    for i in range(14):
        values = [row[i] for row in rows]
        if all(value.lstrip("-").isdigit() for value in values):
            columns.append(np.array(values, np.float32))
        else:
            columns += [np.array([value == category for value in values]) for category in sorted(set(values))]
    return np.stack(columns, 1).astype(np.float32), np.array([row[14].startswith(">50K") for row in rows]).astype(int)


def figures(x, y, seed):
    (train, test) = (slice(0, TRAIN), slice(TRAIN, TRAIN + TEST))
    forest = RandomForestClassifier(n_estimators=100, random_state=seed).fit(x[train], y[train])
    own = lambda part: forest.predict_proba(x[part])[np.arange(len(y[part])), y[part]]
    return {
        "testAccuracy": forest.score(x[test], y[test]),
        "nodes": sum(tree.tree_.node_count for tree in forest.estimators_),
        "deepest": max(tree.tree_.max_depth for tree in forest.estimators_),
        "trainProbability": own(train).mean(),
        "testProbability": own(test).mean(),
    }


result = {"scikit-learn": sklearn.__version__}
for name, (x, y) in {"fashion-mnist-10k": fashion(), "adult": adult()}.items():
    runs = [figures(x, y, seed) for seed in range(SEEDS)]
    summary = {}
    for figure in runs[0]:
        values = np.array([run[figure] for run in runs], float)
        summary[figure] = {"mean": float(f"{values.mean():.7g}"), "deviation": float(f"{values.std(ddof=1):.4g}")}
    result[name] = {"features": x.shape[1], **summary}
(here / "random-forest.json").write_text(json.dumps(result, indent=2) + "\n")
