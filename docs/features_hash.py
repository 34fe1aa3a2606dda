#!/usr/bin/env python3
"""The hash of a feature specification, as RealtimeInference works it out; see tabular.md.

    python3 features_hash.py features.json                the hash
    python3 features_hash.py features.json model.onnx     also writes it into the model's metadata (needs onnx)

The specification is taken to be right: it is the library that checks it, when it loads it.
"""
import hashlib
import json
import struct
import sys

METADATA_KEY = "realtimeinference.features.sha256"


def text(value):
    return f"{len(value.encode())}:{value}"


def number(value):
    return "-" if value is None else struct.pack(">d", float(value) + 0.0).hex()


def default_text(feature):
    return text(feature["default"]) if "default" in feature else "-"


def describe_number(feature):
    has = feature.keys() & {"mean", "std", "min", "max", "boundaries"}
    transform = feature.get("transform") or (
        "standardize" if has & {"mean", "std"} else "minmax" if has & {"min", "max"} else "bucket" if has else "none")
    if transform == "bucket":
        boundaries = feature["boundaries"]
        words = ["bucket", feature.get("encoding", "one-hot"), str(len(boundaries)), *map(number, boundaries)]
    else:
        values = {
            "none": [],
            "standardize": [feature.get("mean", 0), feature.get("std", 1)],
            "log1p": [feature.get("mean", 0), feature.get("std", 1)],
            "minmax": [feature.get("min", 0), feature.get("max", 1)],
        }[transform]
        low, high = feature.get("clip", [None, None])
        words = ["number", transform, *map(number, values), "clip", number(low), number(high)]
    return [*words, "default", number(feature.get("default"))]


def describe_category(feature):
    encoding = feature.get("encoding", "one-hot")
    if encoding.startswith("hash"):
        return [encoding, str(int(feature["buckets"])), str(int(feature.get("seed", 0))), "default", default_text(feature)]
    categories = feature["categories"]
    return ["category", encoding, str(len(categories)), *map(text, categories),
            "unknown", feature.get("unknown", "fail"), "default", default_text(feature)]


def describe(feature):
    if feature["type"] == "number":
        words = describe_number(feature)
    elif feature["type"] == "category":
        words = describe_category(feature)
    elif feature["type"] == "boolean":
        words = ["boolean", "default", str(feature["default"]).lower() if "default" in feature else "-"]
    else:
        words = ["date", "cyclical" if feature.get("cyclical") else "plain", str(len(feature["parts"])), *feature["parts"]]
    return [text(feature["name"]), *words, "missing", feature.get("missing", "fail")]


def canonical(specification):
    tensors = specification.get("tensors") or [{**specification, "name": specification.get("tensor", "features")}]
    lines = ["realtimeinference features 1"]
    for tensor in tensors:
        lines.append(f"tensor {text(tensor['name'])} {tensor.get('type', 'float32')}")
        lines += [" ".join(describe(feature)) for feature in tensor["inputs"]]
    return "".join(line + "\n" for line in lines)


def features_hash(specification):
    return hashlib.sha256(canonical(specification).encode()).hexdigest()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig") as file:
        digest = features_hash(json.load(file))
    if len(sys.argv) > 2:
        import onnx

        model = onnx.load(sys.argv[2])
        onnx.helper.set_model_props(model, {**{p.key: p.value for p in model.metadata_props}, METADATA_KEY: digest})
        onnx.save(model, sys.argv[2])
    print(digest)
