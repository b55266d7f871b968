"""Computes the figures of an item analysis anew with numpy, scipy, statsmodels and girth.

Reads what workers/psychometrics/examples/peer.rs writes, compares, and prints a line for each
comparison. Ends with 1 if anything differs by more than it may.
"""

import json
import sys

import girth
import numpy as np
from scipy import optimize, stats
from scipy.special import expit, log_expit
from statsmodels.stats.contingency_tables import StratifiedTable

failed = 0


def same(what, ours, theirs, within):
    global failed
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    far = float(np.max(np.abs(ours - theirs)))
    fine = ours.shape == theirs.shape and far <= within
    failed += not fine
    print(f"{'ok ' if fine else 'BAD'} {what}: {far:.2e} (at most {within:g})")


def classical(answers, found, whole):
    totals = answers.sum(1)
    same("facility", [i["facility"] for i in found], answers.mean(0), 1e-12)
    rest = [np.corrcoef(answers[:, j], totals - answers[:, j])[0, 1] for j in range(answers.shape[1])]
    same("correlation with the rest", [i["rest_correlation"] for i in found], rest, 1e-12)
    most = []
    for j in range(answers.shape[1]):
        x, y = answers[:, j], totals - answers[:, j]
        most.append(100 * np.cov(x, y)[0, 1] / np.cov(np.sort(x), np.sort(y))[0, 1])
    same("efficiency", [i["discriminative_efficiency"] for i in found], most, 1e-9)
    k = answers.shape[1]
    alpha = k / (k - 1) * (1 - answers.var(0, ddof=1).sum() / totals.var(ddof=1))
    same("alpha", whole["alpha"], alpha, 1e-12)


def likelihood(answers, nodes=81, bound=6.0):
    """Minus the marginal log-likelihood and its gradient, by plain quadrature."""
    theta = np.linspace(-bound, bound, nodes)
    weight = stats.norm.pdf(theta)
    weight /= weight.sum()
    right, wrong = (answers == 1).astype(float), (answers == 0).astype(float)

    def value(parameters):
        a, d = np.split(parameters, 2)
        x = a[:, None] * theta + d[:, None]
        logs = right @ log_expit(x) + wrong @ log_expit(-x) + np.log(weight)
        top = logs.max(1, keepdims=True)
        terms = np.exp(logs - top)
        sums = terms.sum(1, keepdims=True)
        posterior = terms / sums
        p = expit(x)
        residual = right.T @ posterior * (1 - p) - wrong.T @ posterior * p
        gradient = np.concatenate([residual @ theta, residual.sum(1)])
        return -float((top + np.log(sums)).sum()), -gradient

    return value


def calibration(name, answers, two, one):
    """A general optimiser on the whole likelihood, and its Hessian by differences."""
    items = answers.shape[1]
    value = likelihood(answers)
    start = np.concatenate([np.ones(items), np.zeros(items)])
    best = optimize.minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-4, "maxiter": 3000})
    a, d = np.split(best.x, 2)
    same(f"{name}: 2PL slopes, scipy", [i["item"]["Ok"]["a"] for i in two["items"]], a, 1e-4)
    same(f"{name}: 2PL intercepts, scipy", [i["item"]["Ok"]["d"] for i in two["items"]], d, 1e-4)
    same(f"{name}: log-likelihood, scipy", two["log_likelihood"], -best.fun, 1e-4)
    step = 1e-4
    rows = [(value(best.x + e)[1] - value(best.x - e)[1]) / (2 * step) for e in step * np.eye(2 * items)]
    hessian = np.array(rows)
    covariance = np.linalg.inv((hessian + hessian.T) / 2)
    errors = np.sqrt(np.diag(covariance))
    same(f"{name}: standard errors of slopes", [i["a_se"] for i in two["items"]], errors[:items], 1e-4)
    same(f"{name}: standard errors of intercepts", [i["d_se"] for i in two["items"]], errors[items:], 1e-4)
    by = np.array([[d[j] / a[j] ** 2, -1 / a[j]] for j in range(items)])
    blocks = [covariance[np.ix_([j, items + j], [j, items + j])] for j in range(items)]
    se_b = [np.sqrt(by[j] @ blocks[j] @ by[j]) for j in range(items)]
    same(f"{name}: standard errors of difficulties", [i["b_se"] for i in two["items"]], se_b, 1e-4)
    common = optimize.minimize(
        lambda p: (lambda f, g: (f, np.concatenate([[g[:items].sum()], g[items:]])))(
            *value(np.concatenate([np.full(items, p[0]), p[1:]]))
        ),
        np.concatenate([[1.0], np.zeros(items)]), jac=True, method="BFGS", options={"gtol": 1e-4},
    )
    same(f"{name}: common slope, scipy", one["items"][0]["item"]["Ok"]["a"], common.x[0], 1e-4)
    same(f"{name}: log-likelihood with it", one["log_likelihood"], -common.fun, 1e-4)


def with_girth(answers, two):
    # girth integrates from -5 to 5 and stops when steps get small, not when the likelihood is
    # flat: it agrees to the second place, not further.
    found = girth.twopl_mml(answers.T.astype(int))
    same("2PL slopes, girth", [i["item"]["Ok"]["a"] for i in two["items"]], found["Discrimination"], 0.02)
    same("2PL difficulties, girth", [i["b"] for i in two["items"]], found["Difficulty"], 0.02)


def scores(name, answers, two, found):
    a = np.array([i["item"]["Ok"]["a"] for i in two["items"]])
    d = np.array([i["item"]["Ok"]["d"] for i in two["items"]])
    theta = np.linspace(-9, 9, 3001)
    eap, ml = [], []
    for row, (_, ours) in zip(answers, found):
        has = row >= 0
        x = a[has, None] * theta + d[has, None]
        logs = np.where(row[has, None] == 1, log_expit(x), log_expit(-x)).sum(0)
        post = np.exp(logs - theta**2 / 2)
        mean = (post * theta).sum() / post.sum()
        eap.append((mean, np.sqrt((post * (theta - mean) ** 2).sum() / post.sum())))
        if ours is not None:
            f = lambda t: -np.where(row[has] == 1, log_expit(a[has] * t + d[has]), log_expit(-a[has] * t - d[has])).sum()
            ml.append((ours["ability"], optimize.minimize_scalar(f, bounds=(-8, 8), method="bounded", options={"xatol": 1e-9}).x))
    same(f"{name}: EAP and its error", [(e["ability"], e["se"]) for e, _ in found], eap, 1e-4)
    same(f"{name}: ML", [o for o, _ in ml], [t for _, t in ml], 1e-4)


def fit(answers, two, found):
    """S-X² from all patterns: every pattern's probability, no recursion."""
    a = np.array([i["item"]["Ok"]["a"] for i in two["items"]])
    d = np.array([i["item"]["Ok"]["d"] for i in two["items"]])
    items = len(a)
    theta = np.linspace(-6, 6, 61)
    weight = stats.norm.pdf(theta)
    weight /= weight.sum()
    p = expit(a[:, None] * theta + d[:, None])
    patterns = (np.arange(2**items)[:, None] >> np.arange(items)) & 1
    probability = np.exp(patterns @ np.log(p) + (1 - patterns) @ np.log(1 - p)) @ weight
    sums, totals = patterns.sum(1), answers.sum(1)
    for j in range(items):
        groups, open_ = [], np.zeros(3)
        for s in range(1, items):
            share = probability[(sums == s) & (patterns[:, j] == 1)].sum() / probability[sums == s].sum()
            n = float((totals == s).sum())
            open_ = open_ + [n, float(answers[totals == s, j].sum()), n * share]
            if open_[2] >= 1 and open_[0] - open_[2] >= 1:
                groups.append(open_)
                open_ = np.zeros(3)
        groups[-1] = groups[-1] + open_
        x = sum((o - e) ** 2 * n / (e * (n - e)) for n, o, e in groups)
        df = len(groups) - 2
        same(f"S-X² of item {j + 1}", [found[j]["statistic"], found[j]["p"]], [x, stats.chi2.sf(x, df)], 1e-6)


def dif(cases):
    for at, case in enumerate(cases):
        tables = [
            np.array([[t["reference_right"], t["reference_wrong"]], [t["focal_right"], t["focal_wrong"]]])
            for t in case["tables"]
        ]
        theirs, ours = StratifiedTable(tables), case["found"]
        test = theirs.test_null_odds(correction=True)
        same(
            f"Mantel-Haenszel {at + 1}, statsmodels",
            [ours["odds_ratio"], ours["delta"], ours["delta_se"], ours["chi_square"], ours["p"]],
            [theirs.oddsratio_pooled, -2.35 * theirs.logodds_pooled, 2.35 * theirs.logodds_pooled_se, test.statistic, test.pvalue],
            1e-8,
        )


def equating(case):
    def edges(counts):
        return np.arange(len(counts) + 1) - 0.5, np.concatenate([[0], np.cumsum(counts)]) / np.sum(counts)

    (xe, xc), (ye, yc) = edges(case["x"]), edges(case["y"])
    theirs = np.interp(np.interp(np.arange(len(case["x"])), xe, xc), yc, ye)
    same("equipercentile", case["found"], theirs, 1e-9)


data = json.load(sys.stdin)
whole, sparse = data["whole"], data["sparse"]
answers = np.array(whole["answers"], float)
classical(answers, whole["classical"], whole["test"])
calibration("everybody saw all", answers, whole["two"], whole["one"])
with_girth(answers, whole["two"])
scores("everybody saw all", answers, whole["two"], whole["scores"])
fit(answers, whole["two"], whole["fit"])
missing = np.array(sparse["answers"], float)
calibration("everybody saw others", missing, sparse["two"], sparse["one"])
scores("everybody saw others", missing, sparse["two"], sparse["scores"])
dif(data["dif"])
same("tails of chi-square", [t[2] for t in data["tails"]], [stats.chi2.sf(t[0], t[1]) for t in data["tails"]], 1e-12)
equating(data["equating"])
print(f"{failed} differ")
sys.exit(failed > 0)
