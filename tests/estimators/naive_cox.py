"""Cox's partial likelihood spelled out, one event and one patient at a time: slow, obvious, written separately."""

from __future__ import annotations

from math import exp, log

import numpy as np
from hypothesis import strategies as st

Row = tuple[int, int, int, int, tuple[int, int]]  # start, stop, event, stratum, covariates


@st.composite
def rows(draw: st.DrawFn, at_most: int = 14) -> list[Row]:
    """Few distinct days, so that ties of every kind are common; late entries; two strata."""
    found = []
    for _ in range(draw(st.integers(3, at_most))):
        stop = draw(st.integers(1, 8))
        start = draw(st.sampled_from([0, 0, stop - 1, max(stop - 3, 0)]))
        covariates = (draw(st.integers(0, 1)), draw(st.integers(-2, 3)))
        found.append((start, stop, draw(st.integers(0, 1)), draw(st.sampled_from([0, 0, 0, 1])), covariates))
    return found


def log_likelihood(data: list[Row], beta: tuple[float, ...], ties: str) -> float:
    weight = [exp(sum(b * x for b, x in zip(beta, row[4], strict=True))) for row in data]
    total = 0.0
    for stratum, day in sorted({(row[3], row[1]) for row in data if row[2]}):
        at_risk = [i for i, row in enumerate(data) if row[3] == stratum and row[0] < day <= row[1]]
        died = [i for i in at_risk if data[i][1] == day and data[i][2]]
        for place, i in enumerate(died):
            share = place / len(died) if ties == "efron" else 0.0
            total += log(weight[i]) - log(sum(weight[j] for j in at_risk) - share * sum(weight[j] for j in died))
    return total


def gradient(f, beta: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """Differences of sixth order."""
    weights = dict(zip((-3, -2, -1, 1, 2, 3), np.array([-1, 9, -45, 45, -9, 1]) / 60, strict=True))
    axes = np.eye(len(beta)) * h
    return np.array([sum(w * f(beta + step * axis) for step, w in weights.items()) / h for axis in axes])


def information(data: list[Row], beta: np.ndarray, ties: str) -> np.ndarray:
    """Sum over events of the weighted covariance of x in the risk set."""
    weight = np.array([exp(float(np.dot(beta, row[4]))) for row in data])
    x = np.array([row[4] for row in data], dtype=float)
    total = np.zeros((x.shape[1],) * 2)
    for stratum, day in sorted({(row[3], row[1]) for row in data if row[2]}):
        inside = np.array([row[3] == stratum and row[0] < day <= row[1] for row in data])
        died = inside & np.array([row[1] == day and row[2] == 1 for row in data])
        for place in range(int(died.sum())):
            w = weight * inside
            if ties == "efron":
                w = w - place / died.sum() * weight * died
            mean = w @ x / w.sum()
            total += (w[:, None] * (x - mean)).T @ (x - mean) / w.sum()
    return total
