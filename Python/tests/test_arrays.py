import os

import numpy
import torch

from support import CaptureTestCase
from gradflow_capture import capture_arrays, flax_gru, flax_lstm, flax_rnn
from replay import Loaded


class Arrays(CaptureTestCase):
    def example(self, kind=torch.nn.LSTM, layers=1, both=False, bias=True, lengths=None):
        """What a framework has at hand after a backward pass."""
        module = kind(3, 4, layers, bidirectional=both, bias=bias)
        x = torch.randn(5, 2, 3, requires_grad=True)
        read = x if lengths is None else torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
        output, last = module(read)
        if lengths is not None:
            output, _ = torch.nn.utils.rnn.pad_packed_sequence(output)
        output.retain_grad()
        loss = output.square().sum()
        loss.backward()
        return {
            "cell": module.mode.lower(),
            "weights": {name: parameter.detach().numpy() for name, parameter in module.named_parameters()},
            "inputs": x.detach().numpy(),
            "outputs": output.detach().numpy(),
            "output_gradients": output.grad.numpy(),
            "weight_gradients": {name: parameter.grad.numpy() for name, parameter in module.named_parameters()},
            "input_gradients": x.grad.numpy(),
            "final_hidden": (last[0] if isinstance(last, tuple) else last).detach().numpy(),
            "lengths": lengths,
            "loss": loss.item(),
        }

    def test_arrays_agree(self):
        for kind in (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN):
            for layers, both, bias, lengths in ((1, 0, 1, None), (2, 1, 0, None), (1, 1, 1, numpy.array([3, 5]))):
                self.setUp()
                capture_arrays(self.folder, **self.example(kind, layers, bool(both), bool(bias), lengths))
                update = self.only_update()
                checks = self.assert_agrees(update)
                self.assertGreater(checks["rnn"][1].count, 2)
                self.assertEqual(update.modules[0]["type"], "float64")

    def test_batch_first(self):
        example = self.example()
        for name in ("inputs", "outputs", "output_gradients", "input_gradients"):
            example[name] = example[name].swapaxes(0, 1)
        capture_arrays(self.folder, **example, batch_first=True)
        self.assert_agrees(self.only_update())

    def test_gradients_of_cell_states(self):
        cell = torch.nn.LSTMCell(3, 4)
        x, weight, state, hs = torch.randn(5, 2, 3), torch.randn(5, 2, 4), None, []
        total = 0
        for step, factor in zip(x, weight):
            state = cell(step, state)
            hs.append(state[0].detach())
            total = total + (factor * state[1]).sum()
        total.backward()
        capture_arrays(
            self.folder,
            cell="lstm",
            weights={name + "_l0": parameter.detach().numpy() for name, parameter in cell.named_parameters()},
            weight_gradients={name + "_l0": parameter.grad.numpy() for name, parameter in cell.named_parameters()},
            inputs=x.numpy(),
            outputs=torch.stack(hs).numpy(),
            cell_gradients=weight.numpy(),
        )
        self.assert_agrees(self.only_update())

    def test_a_capture_is_continued(self):
        example = self.example()
        for update in (0, 100, 250):
            capture_arrays(self.folder, **example, update=update)
        self.assertEqual([update.description["update"] for update in Loaded(self.folder).updates], [0, 100, 250])
        self.assert_refuses("update 250", lambda: capture_arrays(self.folder, **example, update=250))
        capture_arrays(self.folder, **example, update=3, overwrite=True)
        self.assertEqual([update.description["update"] for update in Loaded(self.folder).updates], [3])

    def test_narrower_types(self):
        example = self.example()
        example["weights"] = {name: array.astype(numpy.float32) for name, array in example["weights"].items()}
        capture_arrays(self.folder, **example)
        self.assertEqual(self.only_update().modules[0]["type"], "float32")

    def test_refusals(self):
        example = self.example()
        weights = example["weights"]

        def without(name):
            return {key: array for key, array in weights.items() if key != name}

        for changes, words in (
            ({"cell": "rnn"}, "rnn_tanh"),
            ({"cell": "gru"}, "weight_ih_l0 has shape (16, 3)"),
            ({"weights": without("weight_hh_l0")}, "weight_hh_l0"),
            ({"weights": without("bias_hh_l0")}, "bias_hh_l0 is missing"),
            ({"weights": {**weights, "kernel": weights["bias_hh_l0"]}}, "'kernel' is no name"),
            ({"weights": {**weights, "weight_ih_l2": weights["weight_ih_l0"]}}, "is missing"),
            ({"inputs": example["inputs"][0]}, "three axes"),
            ({"inputs": example["inputs"][:, :, :2]}, "inputs has shape (5, 2, 2)"),
            ({"output_gradients": None}, "no gradient reaches"),
            ({"output_gradients": example["outputs"][1:]}, "output_gradients has shape"),
            ({"lengths": [1, 9]}, "from 1 to 5"),
            ({"weight_gradients": {"weight_hh_l7": weights["weight_hh_l0"]}}, "weight_hh_l7"),
            ({"weight_gradients": {"weight_hh_l0": weights["weight_ih_l0"]}}, "weight_hh_l0 has shape"),
            ({"cell_gradients": example["outputs"], "lengths": [1, 2]}, "cell_gradients"),
            ({"update": -1}, "from 0"),
        ):
            with self.subTest(words=words):
                self.assert_refuses(words, lambda: capture_arrays(self.folder, **{**example, **changes}))
                self.assertFalse(os.path.exists(self.folder))
        gru = self.example(torch.nn.GRU)
        self.assert_refuses("only an LSTM", lambda: capture_arrays(self.folder, **gru, initial_cell=gru["final_hidden"]))


class Flax(CaptureTestCase):
    """Flax's equations, written out from its documentation, on trees as Flax lays them."""

    def dense(self, inputs, bias):
        layer = {"kernel": torch.randn(inputs, 4, requires_grad=True)}
        if bias:
            layer["bias"] = torch.randn(4, requires_grad=True)
        return layer

    def apply(self, layer, x):
        return x @ layer["kernel"] + layer.get("bias", 0)

    def lstm(self, p, state, x):
        h, c = state
        i, f, g, o = (self.apply(p["i" + gate], x) + self.apply(p["h" + gate], h) for gate in "ifgo")
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def gru(self, p, state, x):
        h = state[0]
        r = (self.apply(p["ir"], x) + self.apply(p["hr"], h)).sigmoid()
        z = (self.apply(p["iz"], x) + self.apply(p["hz"], h)).sigmoid()
        n = (self.apply(p["in"], x) + r * self.apply(p["hn"], h)).tanh()
        return ((1 - z) * n + z * h,)

    def rnn(self, p, state, x):
        return ((self.apply(p["i"], x) + self.apply(p["h"], state[0])).tanh(),)

    def arrays(self, tree, gradients=False):
        return {
            name: {key: (value.grad if gradients else value.detach()).numpy() for key, value in layer.items()}
            for name, layer in tree.items()
        }

    def fuse(self, tree, gates):
        """As flax.nnx has it: one layer for all gates."""
        fused = {}
        for part in "ih":
            layers = [tree[part + gate] for gate in gates]
            fused["dense_" + part] = {"kernel": numpy.concatenate([layer["kernel"] for layer in layers], axis=1)}
            if all("bias" in layer for layer in layers):
                fused["dense_" + part]["bias"] = numpy.concatenate([layer["bias"] for layer in layers])
        return fused

    def check(self, cell, step, tree, convert, gates):
        x = torch.randn(5, 2, 3)
        state, outputs = (torch.zeros(2, 4), torch.zeros(2, 4)), []
        for inputs in x:
            state = step(tree, state, inputs)
            outputs.append(state[0])
        output = torch.stack(outputs)
        output.retain_grad()
        (output.square().sum() + output.sum()).backward()
        # The gradient of one output alone, without what comes back through the recursion.
        outside = 2 * output.detach() + 1
        trees = [(self.arrays(tree), self.arrays(tree, True))]
        trees.append(tuple({"params": {"cell": part}} for part in trees[0]))
        if cell != "gru":  # in flax.nnx, its GRU has no bias of hn
            trees.append(tuple(self.fuse(part, gates) for part in trees[0]))
        for parameters, gradients in trees:
            self.folder += "-"
            capture_arrays(
                self.folder,
                cell=cell,
                weights=convert(parameters),
                inputs=x.numpy(),
                outputs=output.detach().numpy(),
                output_gradients=outside.numpy(),
                weight_gradients=convert(gradients, gradients=True),
            )
            checks = self.assert_agrees(self.only_update())
            self.assertEqual(checks["rnn"][1].count, 4)

    def test_lstm(self):
        tree = {"i" + gate: self.dense(3, False) for gate in "ifgo"} | {"h" + gate: self.dense(4, True) for gate in "ifgo"}
        self.check("lstm", self.lstm, tree, flax_lstm, "ifgo")

    def test_gru(self):
        tree = {"i" + gate: self.dense(3, True) for gate in "rzn"}
        tree |= {"h" + gate: self.dense(4, gate == "n") for gate in "rzn"}
        self.check("gru", self.gru, tree, flax_gru, "rzn")

    def test_rnn(self):
        tree = {"i": self.dense(3, True), "h": self.dense(4, False)}
        self.check("rnn_tanh", self.rnn, tree, flax_rnn, [""])

    def test_gru_without_a_recurrent_bias(self):
        tree = {
            "dense_i": {"kernel": numpy.ones((3, 12)), "bias": numpy.arange(12.0)},
            "dense_h": {"kernel": numpy.ones((4, 12))},
        }
        self.assertEqual(flax_gru(tree)["bias_hh_l0"].tolist(), [0] * 12)
        self.assertNotIn("bias_hh_l0", flax_gru(tree, gradients=True))

    def test_a_name_that_python_cannot_have(self):
        tree = {name: {"kernel": numpy.ones((3, 4))} for name in ("ii", "if_", "ig", "io")}
        tree |= {name: {"kernel": numpy.ones((4, 4)), "bias": numpy.ones(4)} for name in ("hi", "hf", "hg", "ho")}
        self.assertEqual(flax_lstm(tree)["weight_ih_l0"].shape, (16, 3))

    def test_another_tree(self):
        self.assert_refuses("Dense_0", lambda: flax_lstm({"Dense_0": {"kernel": numpy.ones((3, 4))}, "b": 1}))


if __name__ == "__main__":
    import unittest

    unittest.main()
