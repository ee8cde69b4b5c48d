"""Online LiRA (Carlini et al., S&P 2022, algorithm 1): what the outputs of models on the candidates say of membership."""
import numpy


def log_sum_exp(values):
    top = values.max(axis=1)
    return top + numpy.log(numpy.exp(values - top[:, None]).sum(axis=1))


def scaled_confidence(logits, labels):
    """ln(p_y / (1 - p_y)), from logits, so that no probability is rounded to 1."""
    logits = logits.astype(numpy.float64)
    rows = numpy.arange(len(labels))
    others = logits.copy()
    others[rows, labels] = -numpy.inf
    return logits[rows, labels] - log_sum_exp(others)


def log_density(x, mean, deviation):
    return -numpy.log(deviation) - 0.5 * ((x - mean) / deviation) ** 2


def online_scores(target, shadows, inside):
    """Log-likelihood ratios. target: [records]; shadows, and inside (whether it was trained on it): [models, records]."""
    fits = []
    for chosen in (inside, ~inside):
        values = numpy.where(chosen, shadows, numpy.nan)
        fits.append((numpy.nanmedian(values, axis=0), numpy.nanstd(values, axis=0) + 1e-30))
    return log_density(target, *fits[0]) - log_density(target, *fits[1])


def auc(scores, members):
    """Chance that a member scores above a non-member; ties count half."""
    _, place, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[place]
    n = int(members.sum())
    return float((ranks[members].sum() - n * (n + 1) / 2) / (n * (len(scores) - n)))
