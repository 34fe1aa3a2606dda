#!/usr/bin/env python3
"""Writes feast.json: the bytes that Feast's Redis online store writes, made without the code under test.

The hash is Austin Appleby's own C++ (python3-murmurhash binds it), the messages are protobuf's. Only the order of the parts
of a key is spelled out here, from Feast's source:
https://github.com/feast-dev/feast/blob/master/sdk/python/feast/infra/key_encoding_utils.py (versions 2 and 3),
.../infra/online_stores/helpers.py (_redis_key, _mmh3) and .../infra/online_stores/redis.py (_ts, HSET).

    apt-get install python3-murmurhash python3-protobuf protobuf-compiler
    python3 tests/RealtimeInference.Redis.Tests/Feast/make.py
"""
import json
import os
import struct
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp
from murmurhash.mrmr import hash as murmur3

HERE = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
subprocess.run(["protoc", f"--python_out={folder}", "-I", HERE, "value.proto"], check=True)
sys.path.insert(0, folder)
from value_pb2 import UnpackedFloatList, UnpackedValue, Value  # noqa: E402

# feast.types.ValueType.Enum
BYTES, STRING, INT32, INT64, UNIX_TIMESTAMP = 1, 2, 3, 4, 8


def unsigned(text):
    return murmur3(text.encode("utf8"), 0) & 0xFFFFFFFF


def field_name(view, feature):
    return struct.pack("<Q", unsigned(f"{view}:{feature}"))[:4]


def value_bytes(kind, value):
    return {
        STRING: lambda: value.encode("utf8"),
        INT32: lambda: struct.pack("<i", value),
        INT64: lambda: struct.pack("<q", value),
        UNIX_TIMESTAMP: lambda: struct.pack("<q", value),
    }[kind]()


def redis_key(project, keys, version):
    keys = sorted(keys)
    out = struct.pack("<I", len(keys)) if version > 2 else b""
    for name, _, _ in keys:
        out += struct.pack("<I", STRING)
        if version > 2:
            out += struct.pack("<I", len(name))
        out += name.encode("utf8")
    for _, kind, value in keys:
        data = value_bytes(kind, value)
        out += struct.pack("<I", kind) + struct.pack("<I", len(data)) + data
    return out + project.encode("utf8")


def timestamp(moment):
    message = Timestamp()
    message.FromDatetime(moment)
    return message.SerializeToString()


def ticks(moment):
    return (moment - datetime(1, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1) * 10


kinds = {STRING: "String", INT32: "Int32", INT64: "Int64", UNIX_TIMESTAMP: "UnixTimestamp"}
key_cases = [
    ("driver_ranking", [("driver_id", INT64, 1001)]),
    ("driver_ranking", [("driver_id", INT64, -1)]),
    ("driver_ranking", [("driver_id", INT64, 2**40 + 5)]),
    ("fraud", [("card", STRING, "4929-1")]),
    ("fraud", [("card", STRING, "")]),
    ("fraud", [("shop", INT32, 7)]),
    ("fraud", [("since", UNIX_TIMESTAMP, 1758823656)]),
    ("rides", [("user_id", INT64, 3), ("driver_id", INT32, 5), ("city", STRING, "Zürich")]),
    ("rides", [("b", STRING, "1"), ("a", STRING, "2"), ("B", STRING, "3"), ("a_", STRING, "4")]),
    ("überall", [("käufer", STRING, "Łukasz")]),
    # Sorted by code points these two are the other way round than by UTF-16.
    ("p", [("\U0001F600", STRING, "x"), ("\uFFFD", STRING, "y")]),
]
value_cases = {
    "bytes_val": [b"\x00\xff"],
    "string_val": ["", "a", "Zürich \U0001F600"],
    "int32_val": [0, 1, -1, 2**31 - 1, -(2**31)],
    "int64_val": [0, 1, -1, 2**63 - 1, -(2**63)],
    "double_val": [0.0, -0.5, 1e300, 5e-324],
    "float_val": [0.0, 0.1, -3.4028234663852886e38],
    "bool_val": [False, True],
    "unix_timestamp_val": [0, 1758823656, -1],
    "uuid_val": ["7b9a5d5c-2b1e-4f2a-9f43-0b8c7d1a2e3f"],
    "time_uuid_val": ["7b9a5d5c-2b1e-1f2a-9f43-0b8c7d1a2e3f"],
}
values = []
for kind, examples in value_cases.items():
    for example in examples:
        message = Value(**{kind: example})
        text = example.hex() if isinstance(example, bytes) else repr(getattr(message, kind)) if not isinstance(example, str) else example
        values.append({"kind": kind, "value": text, "message": message.SerializeToString().hex()})
values.append({"kind": "none", "value": "", "message": Value().SerializeToString().hex()})
values.append({"kind": "null_val", "value": "", "message": Value(null_val=0).SerializeToString().hex()})

lists = []
for numbers in [[], [0.5], [0.25, -1.0, 3.5, 1e10]]:
    floats, doubles = Value(), Value()
    floats.float_list_val.val.extend(numbers)
    floats.float_list_val.SetInParent()
    doubles.double_list_val.val.extend(numbers)
    doubles.double_list_val.SetInParent()
    unpacked = UnpackedValue(float_list_val=UnpackedFloatList(val=numbers))
    for kind, message in [("float_list_val", floats), ("double_list_val", doubles), ("float_list_val", unpacked)]:
        lists.append({"kind": kind, "numbers": numbers, "message": message.SerializeToString().hex()})

moments = [
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    datetime(2026, 3, 1, 12, 30, 15, tzinfo=timezone.utc),
    datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone.utc),
    datetime(1969, 12, 31, 23, 59, 59, 250000, tzinfo=timezone.utc),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
]

# A whole hash, as two views of one driver are materialized.
when = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone.utc)
embedding = Value()
embedding.float_list_val.val.extend([0.25, -1.0, 3.5])
hash_fields = {
    b"_ts:driver_hourly_stats": timestamp(when),
    field_name("driver_hourly_stats", "conv_rate"): Value(float_val=0.75).SerializeToString(),
    field_name("driver_hourly_stats", "acc_rate"): Value(double_val=0.875).SerializeToString(),
    field_name("driver_hourly_stats", "avg_daily_trips"): Value(int64_val=321).SerializeToString(),
    field_name("driver_hourly_stats", "grade"): Value(int32_val=-4).SerializeToString(),
    field_name("driver_hourly_stats", "is_active"): Value(bool_val=True).SerializeToString(),
    field_name("driver_hourly_stats", "city"): Value(string_val="Zürich").SerializeToString(),
    field_name("driver_hourly_stats", "hired"): Value(unix_timestamp_val=1758823656).SerializeToString(),
    field_name("driver_hourly_stats", "embedding"): embedding.SerializeToString(),
    field_name("driver_hourly_stats", "rating"): Value().SerializeToString(),
    b"_ts:driver_profile": timestamp(when - timedelta(days=2)),
    field_name("driver_profile", "age"): Value(int64_val=44).SerializeToString(),
}

fixture = {
    "hashes": [
        {"text": text, "hash": unsigned(text)}
        for text in ["", "a", "ab", "abc", "abcd", "abcde", "foo", "driver_hourly_stats:conv_rate", "Zürich", "\U0001F600" * 9]
    ],
    "fieldNames": [
        {"view": view, "feature": feature, "name": field_name(view, feature).hex()}
        for view, feature in [("driver_hourly_stats", "conv_rate"), ("v", "f"), ("Ansicht", "größe"), ("a", "b:c")]
    ],
    "keys": [
        {
            "project": project,
            "joinKeys": [{"name": name, "type": kinds[kind], "value": str(value)} for name, kind, value in keys],
            "version": version,
            "key": redis_key(project, keys, version).hex(),
        }
        for project, keys in key_cases
        for version in (2, 3)
    ],
    "values": values,
    "lists": lists,
    "timestamps": [{"ticks": ticks(moment), "message": timestamp(moment).hex()} for moment in moments],
    "driver": {
        "project": "driver_ranking",
        "joinKey": "driver_id",
        "value": 1001,
        "ticks": ticks(when),
        "keys": {str(v): redis_key("driver_ranking", [("driver_id", INT64, 1001)], v).hex() for v in (2, 3)},
        "fields": {name.hex(): value.hex() for name, value in hash_fields.items()},
    },
}
with open(os.path.join(HERE, "feast.json"), "w", encoding="utf8") as file:
    json.dump(fixture, file, indent=1, ensure_ascii=False)
    file.write("\n")
