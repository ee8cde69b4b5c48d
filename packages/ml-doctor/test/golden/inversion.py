"""Writes inversion.json beside this file: SSIM by scikit-image and macro-F1 by scikit-learn, on made-up data.

Needs scikit-image and scikit-learn (made with the versions named in the file). Pictures are noise, blurred noise and
negatives, channels first; a mean over channels is taken of scikit-image's figures, with the options that its
documentation names for the formula of Wang et al. (2004).

Usage: python packages/ml-doctor/test/golden/inversion.py
"""
import json
import random
from pathlib import Path

import numpy as np
import skimage
import sklearn
from skimage.metrics import structural_similarity
from sklearn.metrics import f1_score

random.seed(5)


def picture(shape, contrast):
    return [round(0.5 + contrast * (random.random() - 0.5), 3) for _ in range(int(np.prod(shape)))]


def blurred(values, shape):
    planes = np.array(values).reshape(shape)
    return np.round((planes + np.roll(planes, 1, axis=1) + np.roll(planes, 1, axis=2)) / 3, 3).ravel().tolist()


def wang(a, b, shape):
    a, b = (np.array(v).reshape(shape) for v in (a, b))
    options = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1)
    return float(np.mean([structural_similarity(p, q, **options) for p, q in zip(a, b)]))


ssim = []
for shape, contrast in [((1, 11, 11), 1), ((1, 13, 17), 0.2), ((3, 12, 12), 1), ((1, 28, 28), 0.6)]:
    a = picture(shape, contrast)
    for b in [picture(shape, contrast), blurred(a, shape), [round(1 - v, 3) for v in a]]:
        ssim.append({"shape": shape, "a": a, "b": b, "ssim": wang(a, b, shape)})

f1 = []
for classes, each in [(2, 5), (3, 4), (10, 7)]:
    truth = [c for c in range(classes) for _ in range(each)]
    predicted = [t if random.random() < 0.6 else random.randrange(classes) for t in truth]
    macro = f1_score(truth, predicted, labels=list(range(classes)), average="macro", zero_division=0)
    f1.append({"truth": truth, "predicted": predicted, "macroF1": float(macro)})

versions = {"scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__}
Path(__file__).with_suffix(".json").write_text(json.dumps({"versions": versions, "ssim": ssim, "macroF1": f1}) + "\n")
