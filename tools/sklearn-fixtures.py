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
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

target = Path(__file__).resolve().parent.parent / "packages" / "onnx-grad" / "test" / "fixtures"
records, labels = load_iris(return_X_y=True)
records = records.astype(np.float32)
names = np.array(["setosa", "versicolor", "virginica"])[labels]

logistic = LogisticRegression(max_iter=500).fit(records, labels)
forest = RandomForestClassifier(n_estimators=3, max_depth=3, random_state=0).fit(records, names)
network = make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=500, random_state=0)).fit(records, labels)

models = {"iris-logistic": logistic, "iris-forest": forest, "iris-network": network}
for name, model in models.items():
    # All of them for the network, which a test trains again.
    shown = records if name == "iris-network" else records[::15]
    (target / f"{name}.onnx").write_bytes(to_onnx(model, shown, target_opset=17).SerializeToString())
    expected = {
        "records": shown.round(1).astype(np.float64).round(1).tolist(),
        "labels": model.predict(shown).tolist(),
        "probabilities": model.predict_proba(shown).round(7).tolist(),
        "classes": model.classes_.tolist(),
    }
    (target / f"{name}.json").write_text(json.dumps(expected) + "\n")
