#!/usr/bin/env python3
"""Writes encodings.json: specifications, rows, and what scikit-learn and NumPy make of them.

    python3 tests/RealtimeInference.Core.Tests/Tabular/Reference/make.py

Made with scikit-learn 1.2 and NumPy 1.24. No code of this project takes part in the encodings; the hashes are those
of docs/features_hash.py.
"""
import datetime
import json
import math
import os
import sys

import numpy as np
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.utils import murmurhash3_32

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../../docs"))
from features_hash import features_hash  # noqa: E402

random = np.random.RandomState(20260309)
CITIES = ["Zürich", "New York", "東京", "São Paulo", "Kraków"]
TARIFFS = ["basic", "plus", "premium"]
EDGES = [-1.5, 0.0, 0.25, 10.0]


def column(values):
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def train_rows():
    return {
        "balance": random.normal(3000, 900, 500),
        "age": random.uniform(18, 90, 500),
        "income": random.lognormal(8, 1.5, 500),
    }


def rows(count):
    made = []
    for i in range(count):
        when = datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=int(random.randint(0, 3 * 366 * 24 * 60)))
        made.append({
            "balance": float(random.normal(3000, 2000)),
            "age": float(random.uniform(0, 120)),
            "income": float(random.choice([0.0, 1e-12, 3.5e-7, 1.0, random.lognormal(8, 2)])),
            "ratio": float(random.choice(EDGES + [-2.0, 0.1, 9.999, 1e9])),
            "score": None if i % 3 == 0 else float(random.normal()),
            "active": bool(random.randint(0, 2)),
            "city": str(random.choice(CITIES + ["Oslo", "zürich"])),
            "tariff": str(random.choice(TARIFFS)),
            "plan": str(random.choice(TARIFFS + ["legacy"])),
            "product": "product-" + str(random.randint(0, 10 ** 6)),
            "street": str(random.choice(["Bahnhofstraße 1", "5th Avenue", "", "🚲 lane"])) or None,
            "opened": when.isoformat(timespec="minutes"),
            "seen": when.isoformat(timespec="minutes"),
        })
    return made


train = train_rows()
standard = StandardScaler().fit(column(train["balance"]))
log_standard = StandardScaler().fit(np.log1p(column(train["income"])))
minmax = MinMaxScaler().fit(column(train["age"]))
one_hot = OneHotEncoder(categories=[CITIES], handle_unknown="ignore", sparse_output=False).fit([[c] for c in CITIES])
ordinal = OrdinalEncoder(categories=[TARIFFS]).fit([[t] for t in TARIFFS])
own = OrdinalEncoder(categories=[TARIFFS], handle_unknown="use_encoded_value", unknown_value=len(TARIFFS)).fit([[t] for t in TARIFFS])

FLOATS = {
    "name": "dense",
    "inputs": [
        {"name": "balance", "type": "number", "mean": standard.mean_[0], "std": standard.scale_[0], "clip": [0, 6000]},
        {"name": "age", "type": "number", "min": minmax.data_min_[0], "max": minmax.data_max_[0]},
        {"name": "income", "type": "number", "transform": "log1p", "mean": log_standard.mean_[0], "std": log_standard.scale_[0]},
        {"name": "ratio", "type": "number", "boundaries": EDGES},
        {"name": "score", "type": "number", "missing": "indicator", "default": 0.5},
        {"name": "active", "type": "boolean"},
        {"name": "city", "type": "category", "categories": CITIES, "unknown": "all-zero"},
        {"name": "opened", "type": "date", "parts": ["month", "day", "day-of-week", "day-of-year", "hour", "minute"], "cyclical": True},
    ],
}
IDS = {
    "name": "ids",
    "type": "int64",
    "inputs": [
        {"name": "tariff", "type": "category", "categories": TARIFFS, "encoding": "ordinal"},
        {"name": "plan", "type": "category", "categories": TARIFFS, "encoding": "ordinal", "unknown": "own"},
        {"name": "product", "type": "category", "encoding": "hash", "buckets": 1000},
        {"name": "street", "type": "category", "encoding": "hash", "buckets": 50000, "seed": 42, "missing": "default", "default": "none"},
        {"name": "seen", "type": "date", "parts": ["year", "month", "day", "day-of-week", "day-of-year", "hour", "minute"]},
    ],
}
SPECIFICATION = {"tensors": [FLOATS, IDS]}


def circle(step, period):
    return [math.sin(2 * math.pi * step / period), math.cos(2 * math.pi * step / period)]


def encode_floats(row):
    when = datetime.datetime.fromisoformat(row["opened"])
    buckets = [0.0] * (len(EDGES) + 1)
    buckets[int(np.digitize(row["ratio"], EDGES))] = 1.0
    missing = row["score"] is None
    return [
        *standard.transform(np.clip(column([row["balance"]]), 0, 6000))[0],
        *minmax.transform(column([row["age"]]))[0],
        *log_standard.transform(np.log1p(column([row["income"]])))[0],
        *buckets,
        0.5 if missing else row["score"], 1.0 if missing else 0.0,
        1.0 if row["active"] else 0.0,
        *one_hot.transform([[row["city"]]])[0],
        *circle(when.month - 1, 12), *circle(when.day - 1, 31), *circle(when.weekday(), 7),
        *circle(when.timetuple().tm_yday - 1, 366), *circle(when.hour, 24), *circle(when.minute, 60),
    ]


def encode_ids(row):
    when = datetime.datetime.fromisoformat(row["seen"])
    return [
        int(ordinal.transform([[row["tariff"]]])[0][0]),
        int(own.transform([[row["plan"]]])[0][0]),
        murmurhash3_32(row["product"].encode(), 0, positive=True) % 1000,
        murmurhash3_32((row["street"] or "none").encode(), 42, positive=True) % 50000,
        when.year, when.month, when.day, when.weekday(), when.timetuple().tm_yday, when.hour, when.minute,
    ]


made = rows(60)
texts = ["", "a", "abcd", "The quick brown fox jumps over the lazy dog", "Zürich", "東京", "🚲"]
with open(os.path.join(HERE, "../../../../samples/models/german-credit/features.json"), encoding="utf-8") as file:
    credit = json.load(file)
content = {
    "specification": SPECIFICATION,
    "hash": features_hash(SPECIFICATION),
    "creditHash": features_hash(credit),
    "murmur": [{"text": t, "seed": s, "hash": int(murmurhash3_32(t.encode(), s, positive=True))} for t in texts for s in (0, 1, 42)],
    "rows": [{"row": r, "floats": [float(np.float32(x)) for x in encode_floats(r)], "ids": encode_ids(r)} for r in made],
}
with open(os.path.join(HERE, "encodings.json"), "w", encoding="utf-8", newline="\n") as file:
    # A row a line keeps the file readable in a diff.
    lines = ",\n".join("  " + json.dumps(r, ensure_ascii=False) for r in content.pop("rows"))
    head = ",\n".join(f' {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}' for k, v in content.items())
    file.write("{\n" + head + ',\n "rows": [\n' + lines + "\n ]\n}\n")
