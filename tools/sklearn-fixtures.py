"""Make the scikit-learn classifiers under packages/onnx-grad/test/fixtures: real files of skl2onnx, which end in ZipMap.

Run with Python 3, scikit-learn and skl2onnx: python tools/sklearn-fixtures.py
"""
import json
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

target = Path(__file__).resolve().parent.parent / "packages" / "onnx-grad" / "test" / "fixtures"
records, labels = load_iris(return_X_y=True)
records = records.astype(np.float32)
names = np.array(["setosa", "versicolor", "virginica"])[labels]

logistic = LogisticRegression(max_iter=500).fit(records, labels)
forest = RandomForestClassifier(n_estimators=3, max_depth=3, random_state=0).fit(records, names)

for name, model in {"iris-logistic": logistic, "iris-forest": forest}.items():
    shown = records[::15]
    (target / f"{name}.onnx").write_bytes(to_onnx(model, shown, target_opset=17).SerializeToString())
    expected = {
        "records": shown.tolist(),
        "labels": model.predict(shown).tolist(),
        "probabilities": model.predict_proba(shown).tolist(),
        "classes": model.classes_.tolist(),
    }
    (target / f"{name}.json").write_text(json.dumps(expected) + "\n")
