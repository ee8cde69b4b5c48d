"""Writes privacy.json beside this file: epsilons of the Poisson-subsampled Gaussian by Google's dp-accounting.

Needs dp-accounting and mpmath (made with the versions named in the file). `pld` is the larger of add and remove, upper
bounds by connect-the-dots; `step` is the interval at which their losses were put; `improved` the epsilon over
dp-accounting's own orders by Canonne, Kamath & Steinke. `rdp` holds Renyi divergences of one step at single orders,
by sums with mpmath to 30 digits; dp-accounting's are rounded up where its series are slow.

Usage: python packages/ml-doctor/test/golden/privacy.py
"""
import json
from importlib.metadata import version
from pathlib import Path

import mpmath
from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent
from dp_accounting.pld import privacy_loss_distribution as pld
from dp_accounting.rdp import rdp_privacy_accountant as rdp
from mpmath import mpf

mpmath.mp.dps = 30
ORDERS = [1.1, 1.5, 2.0, 4.7, 10.9]

# sample rate, noise multiplier, steps, delta, interval of the losses
SETTINGS = [
    (64 / 17500, 0.95, 82200, 1e-5, 1e-4),
    (64 / 17500, 0.9, 82200, 1e-5, 1e-4),
    (64 / 3250, 1.7, 15300, 1e-5, 1e-4),
    (256 / 60000, 1.1, 14100, 1e-5, 1e-4),
    (0.01, 4.0, 10000, 1e-5, 1e-5),
    (0.02, 1.0, 100, 1e-6, 1e-4),
    (0.001, 0.7, 1000, 1e-6, 1e-5),
    (0.2, 5.0, 500, 1e-8, 1e-4),
    (0.5, 2.0, 20, 1e-4, 1e-4),
    (0.5, 0.5, 100, 1e-5, 1e-3),
    (1.0, 8.0, 300, 1e-5, 1e-4),
    (0.1, 1.0, 1, 1e-5, 1e-5),
    (0.9, 3.0, 1000, 1e-3, 1e-4),
    (0.0001, 0.5, 100000, 1e-5, 1e-4),
]


def renyi(q, sigma, order):
    q, sigma, order = mpf(q), mpf(sigma), mpf(order)

    def excess(z):
        return mpmath.npdf(z, 0, sigma) * ((1 - q + q * mpmath.exp((2 * z - 1) / (2 * sigma**2))) ** order - 1)

    # The trapezoid rule, which for such integrands converges faster than any power of the step.
    step = sigma * min(1, sigma) / 12
    nodes = int((order + 28 * sigma) / step)
    total = step * mpmath.fsum(excess(-14 * sigma + step * i) for i in range(nodes))
    return mpmath.log1p(total) / (order - 1)


def case(q, sigma, steps, delta, step):
    event = GaussianDpEvent(sigma)
    sampled = PoissonSampledDpEvent(q, event) if q < 1 else event
    accountant = rdp.RdpAccountant()
    accountant.compose(SelfComposedDpEvent(sampled, steps))
    loss = pld.from_gaussian_mechanism(sigma, sampling_prob=q, value_discretization_interval=step)
    return {
        "setting": {"sampleRate": q, "noiseMultiplier": sigma, "steps": steps},
        "delta": delta,
        "step": step,
        "pld": loss.self_compose(steps).get_epsilon_for_delta(delta),
        "improved": accountant.get_epsilon(delta),
        "rdp": [float(renyi(q, sigma, order)) for order in ORDERS],
    }


found = {
    "madeWith": f"dp-accounting {version('dp-accounting')}, mpmath {version('mpmath')}",
    "orders": ORDERS,
    "cases": [case(*setting) for setting in SETTINGS],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n")
