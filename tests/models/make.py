#!/usr/bin/env python3
"""Writes every ONNX model and reference file in this folder.

Run it from anywhere, with onnx 1.12 or later, numpy and PyTorch installed:

    python3 tests/models/make.py

The output is the same on each run: all random numbers come from seeded generators, and references
are worked out in double precision and rounded once, so they do not depend on a CPU's vector width.
What each model is for is in README.md.
"""
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

HERE = os.path.dirname(os.path.abspath(__file__))
OPSET = 15
IR_VERSION = 8
FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64

node = helper.make_node
value = helper.make_tensor_value_info


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def seeded(seed):
    # RandomState, not default_rng: NumPy promises that its stream never changes.
    return np.random.RandomState(seed)


def normal(rng, *shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def save(name, nodes, inputs, outputs, initializers=(), other_domains=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", OPSET)]
    opsets += [helper.make_opsetid(domain, version) for domain, version in other_domains]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="make.py")
    model.ir_version = IR_VERSION
    path = os.path.join(HERE, name + ".onnx")
    with open(path, "wb") as file:
        file.write(model.SerializeToString())
    # Checked by path, so that the checker finds external data beside the model.
    onnx.checker.check_model(path)


def plain(array):
    """Nested lists for JSON; a float32 becomes the shortest decimal that reads back as itself."""
    array = np.asarray(array)
    if array.ndim:
        return [plain(row) for row in array]
    if array.dtype == np.float32:
        return float(str(array))
    return array.item()


def save_reference(name, content):
    with open(os.path.join(HERE, name + ".reference.json"), "w", newline="\n") as file:
        # One case a line keeps the files readable in a diff.
        lines = ",\n".join("  " + json.dumps(case) for case in content)
        file.write("[\n" + lines + "\n]\n")


def identities():
    types = {
        "float": TensorProto.FLOAT, "double": TensorProto.DOUBLE,
        "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16,
        "int8": TensorProto.INT8, "int16": TensorProto.INT16,
        "int32": TensorProto.INT32, "int64": TensorProto.INT64,
        "uint8": TensorProto.UINT8, "uint16": TensorProto.UINT16,
        "uint32": TensorProto.UINT32, "uint64": TensorProto.UINT64,
        "bool": TensorProto.BOOL, "string": TensorProto.STRING,
    }
    for name, kind in types.items():
        save("identity_" + name, [node("Identity", ["x"], ["y"])],
             [value("x", kind, ["N", 3])], [value("y", kind, ["N", 3])])


def complex_input():
    # A valid model whose element type .NET has no tensor element for.
    kind = TensorProto.COMPLEX64
    save("complex_input", [node("Identity", ["x"], ["y"])],
         [value("x", kind, ["N", 3])], [value("y", kind, ["N", 3])])


def mlp():
    rng = seeded(30)
    sizes = [30, 64, 32, 1]
    layers = torch.nn.Sequential(
        torch.nn.Linear(30, 64), torch.nn.ReLU(),
        torch.nn.Linear(64, 32), torch.nn.ReLU(),
        torch.nn.Linear(32, 1), torch.nn.Sigmoid())
    nodes, weights, last = [], [], "features"
    for i, (wide, narrow) in enumerate(zip(sizes, sizes[1:])):
        # He scaling keeps the scores spread over (0, 1) instead of stuck at an end.
        w = normal(rng, narrow, wide, scale=np.sqrt(2.0 / wide))
        b = normal(rng, narrow, scale=0.1)
        with torch.no_grad():
            layers[2 * i].weight.copy_(torch.from_numpy(w))
            layers[2 * i].bias.copy_(torch.from_numpy(b))
        weights += [constant(f"w{i}", w), constant(f"b{i}", b)]
        end = i == len(sizes) - 2
        out = "score" if end else f"h{i}"
        nodes.append(node("Gemm", [last, f"w{i}", f"b{i}"], [f"z{i}"], transB=1))
        nodes.append(node("Sigmoid" if end else "Relu", [f"z{i}"], [out]))
        last = out
    save("mlp_30_64_32_1", nodes, [value("features", FLOAT, ["batch", 30])],
         [value("score", FLOAT, ["batch", 1])], weights)

    rows = normal(rng, 20, 30)
    with torch.no_grad():
        scores = layers.double()(torch.from_numpy(rows).double()).numpy().astype(np.float32)
    save_reference("mlp_30_64_32_1", [
        {"features": plain(row), "score": plain(score[0])} for row, score in zip(rows, scores)])


def two_in_two_out():
    save("two_in_two_out",
         [node("Concat", ["a", "b"], ["concat"], axis=1),
          node("ReduceSum", ["concat", "axes"], ["sum"], keepdims=1)],
         [value("a", FLOAT, ["batch", 4]), value("b", FLOAT, ["batch", 2])],
         [value("sum", FLOAT, ["batch", 1]), value("concat", FLOAT, ["batch", 6])],
         [constant("axes", np.array([1], np.int64))])


def non_zero():
    save("non_zero", [node("NonZero", ["x"], ["indices"])],
         [value("x", FLOAT, ["n"])], [value("indices", INT64, [1, "k"])])


def optional_input():
    # An initializer that is also a graph input is a default that the caller may override.
    save("optional_input", [node("Add", ["x", "bias"], ["y"])],
         [value("x", FLOAT, ["batch", 3]), value("bias", FLOAT, [3])],
         [value("y", FLOAT, ["batch", 3])],
         [constant("bias", np.array([10, 20, 30], np.float32))])


def optional_type():
    tensor = helper.make_tensor_type_proto(FLOAT, [2])
    maybe = helper.make_value_info("maybe", helper.make_optional_type_proto(tensor))
    present = helper.make_graph(
        [node("OptionalGetElement", ["maybe"], ["element"]),
         node("Add", ["element", "x"], ["added"])],
        "present", [], [value("added", FLOAT, [2])])
    absent = helper.make_graph(
        [node("Identity", ["x"], ["same"])], "absent", [], [value("same", FLOAT, [2])])
    save("optional_type",
         [node("OptionalHasElement", ["maybe"], ["has"]),
          node("If", ["has"], ["y"], then_branch=present, else_branch=absent)],
         [maybe, value("x", FLOAT, [2])], [value("y", FLOAT, [2])])


def sequence_maps():
    """What a scikit-learn classifier's export looks like, once with each kind of label."""
    rng = seeded(3)
    weights, bias = normal(rng, 3, 4), normal(rng, 3, scale=0.5)
    ints, strings = [10, 20, 30], ["setosa", "versicolor", "virginica"]
    for kind, element, short, labels in (
            ("int64", TensorProto.INT64, "ints", ints),
            ("string", TensorProto.STRING, "strings", strings)):
        # Written field by field: helper.make_map_type_proto came only with onnx 1.13.
        chances_by_label = onnx.TypeProto()
        chances_by_label.map_type.key_type = element
        chances_by_label.map_type.value_type.CopyFrom(helper.make_tensor_type_proto(FLOAT, []))
        probabilities = helper.make_sequence_type_proto(chances_by_label)
        save("sequence_map_" + kind,
             [node("LinearClassifier", ["x"], ["label", "scores"], domain="ai.onnx.ml",
                   coefficients=weights.ravel().tolist(), intercepts=bias.tolist(),
                   multi_class=1, post_transform="SOFTMAX",
                   **{"classlabels_" + short: labels}),
              node("ZipMap", ["scores"], ["probabilities"], domain="ai.onnx.ml",
                   **{f"classlabels_{kind}s": labels})],
             [value("x", FLOAT, ["N", 4])],
             [value("label", element, ["N"]),
              helper.make_value_info("probabilities", probabilities)],
             other_domains=[("ai.onnx.ml", 1)])

    rows = normal(rng, 8, 4)
    logits = rows.astype(np.float64) @ weights.T.astype(np.float64) + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    save_reference("sequence_map", [
        {"x": plain(row), "label_int64": ints[best], "label_string": strings[best],
         "probabilities_int64": dict(zip(map(str, ints), plain(chance))),
         "probabilities_string": dict(zip(strings, plain(chance)))}
        for row, chance, best in zip(rows, chances, logits.argmax(axis=1))])


def sequence_of_tensors():
    # Without `split`, one [1, 3] tensor for each row.
    rows = helper.make_sequence_type_proto(helper.make_tensor_type_proto(FLOAT, [1, 3]))
    save("sequence_of_tensors", [node("SplitToSequence", ["x"], ["rows"], axis=0, keepdims=1)],
         [value("x", FLOAT, ["N", 3])], [helper.make_value_info("rows", rows)])


def external_data():
    rng = seeded(8)
    weight = normal(rng, 8, 4)
    tensor = constant("w", weight)
    with open(os.path.join(HERE, "external_data.bin"), "wb") as file:
        file.write(tensor.raw_data)
    set_external_data(tensor, "external_data.bin", offset=0, length=len(tensor.raw_data))
    tensor.ClearField("raw_data")
    save("external_data", [node("MatMul", ["x", "w"], ["y"])],
         [value("x", FLOAT, ["batch", 8])], [value("y", FLOAT, ["batch", 4])], [tensor])

    rows = normal(rng, 5, 8)
    products = (rows.astype(np.float64) @ weight.astype(np.float64)).astype(np.float32)
    save_reference("external_data", [
        {"x": plain(row), "y": plain(product)} for row, product in zip(rows, products)])


def static_shape():
    save("static_shape", [node("Mul", ["x", "two"], ["y"])],
         [value("x", FLOAT, [2, 3])], [value("y", FLOAT, [2, 3])],
         [constant("two", np.float32(2))])


def scalar_mixed():
    save("scalar_mixed",
         [node("Greater", ["x", "threshold"], ["over"]),
          node("Where", ["over", "x", "zero"], ["y"])],
         [value("x", FLOAT, ["N", 4]), value("threshold", FLOAT, [])],
         [value("y", FLOAT, ["N", 4])], [constant("zero", np.float32(0))])


def variable_length():
    rng = seeded(50)
    table = normal(rng, 50, 8)
    save("variable_length",
         [node("Gather", ["table", "input_ids"], ["last_hidden_state"], axis=0),
          node("Cast", ["attention_mask"], ["mask"], to=FLOAT),
          node("Unsqueeze", ["mask", "last"], ["column"]),
          node("Mul", ["last_hidden_state", "column"], ["kept"]),
          node("ReduceSum", ["kept", "along"], ["total"], keepdims=0),
          node("ReduceSum", ["mask", "along"], ["counted"], keepdims=1),
          # A row that is all padding gives zeros rather than NaN.
          node("Max", ["counted", "one"], ["count"]),
          node("Div", ["total", "count"], ["embedding"])],
         [value("input_ids", INT64, ["batch", "seq"]),
          value("attention_mask", INT64, ["batch", "seq"])],
         [value("embedding", FLOAT, ["batch", 8]),
          value("last_hidden_state", FLOAT, ["batch", "seq", 8])],
         [constant("table", table), constant("last", np.array([2], np.int64)),
          constant("along", np.array([1], np.int64)), constant("one", np.float32(1))])

    # Each case is padded with id 0 to its longest row, as a tokenizer's batch would be.
    embed = torch.nn.Embedding.from_pretrained(torch.from_numpy(table).double())
    cases = []
    for lengths in ([1], [5], [3, 7], [2, 0, 4]):
        ids = [torch.from_numpy(rng.randint(1, 50, n)).long() for n in lengths]
        padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(i) for i in ids], batch_first=True)
        mean = torch.stack([
            embed(i).mean(dim=0) if len(i) else torch.zeros(8, dtype=torch.float64) for i in ids])
        cases.append({
            "input_ids": padded.tolist(), "attention_mask": mask.tolist(),
            "embedding": plain(mean.numpy().astype(np.float32)),
            "last_hidden_state": plain(embed(padded).numpy().astype(np.float32))})
    save_reference("variable_length", cases)


def mislabelled_output():
    # Declared [batch, width] like its input, but really [batch, 2 * width]. The dimensions are
    # symbolic, so neither the checker nor ONNX Runtime's loader can see the contradiction.
    save("mislabelled_output", [node("Concat", ["x", "x"], ["y"], axis=1)],
         [value("x", FLOAT, ["batch", "width"])], [value("y", FLOAT, ["batch", "width"])])


def slow():
    # Rows of 1 times a matrix of 1/256 give rows of 1 again, exactly, so y is 1 after any number
    # of steps. Each step is a run of small nodes, between which a run can be terminated.
    body = helper.make_graph(
        [node("Identity", ["going_on"], ["go_on"]),
         node("MatMul", ["before", "matrix"], ["after"])],
        "step",
        [value("step", INT64, []), value("going_on", TensorProto.BOOL, []),
         value("before", FLOAT, [256, 256])],
        [value("go_on", TensorProto.BOOL, []), value("after", FLOAT, [256, 256])])
    fill = helper.make_tensor("fill", FLOAT, [1], [1 / 256])
    one = helper.make_tensor("one", FLOAT, [1], [1])
    save("slow",
         [node("ConstantOfShape", ["shape"], ["matrix"], value=fill),
          node("ConstantOfShape", ["shape"], ["start"], value=one),
          node("Loop", ["steps", "true", "start"], ["end"], body=body),
          node("ReduceMean", ["end"], ["y"], keepdims=0)],
         [value("steps", INT64, [])], [value("y", FLOAT, [])],
         [constant("shape", np.array([256, 256], np.int64)), constant("true", np.bool_(True))])


def failing():
    # The indices -4 to 3 are in range; any other fails while running.
    save("failing", [node("Gather", ["table", "x"], ["y"], axis=0)],
         [value("x", INT64, ["N"])], [value("y", FLOAT, ["N"])],
         [constant("table", np.array([1, 2, 3, 4], np.float32))])


def custom_domain():
    save("custom_domain", [node("Missing", ["x"], ["y"], domain="com.example.missing")],
         [value("x", FLOAT, ["N", 3])], [value("y", FLOAT, ["N", 3])],
         other_domains=[("com.example.missing", 1)])


def free_dims():
    save("free_dims", [node("Relu", ["x"], ["y"])],
         [value("x", FLOAT, ["rows", "cols"])], [value("y", FLOAT, ["rows", "cols"])])


if __name__ == "__main__":
    for make in (identities, complex_input, mlp, two_in_two_out, non_zero, optional_input,
                 optional_type, sequence_maps, sequence_of_tensors, external_data, static_shape,
                 scalar_mixed, variable_length, mislabelled_output, slow, failing, custom_domain,
                 free_dims):
        make()
