import itertools
import unittest

import numpy
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint

from support import CaptureTestCase, Head
from gradflow_capture import eager


class Modules(CaptureTestCase):
    def test_every_kind_agrees_with_autograd(self):
        kinds = [
            (torch.nn.LSTM, {}),
            (torch.nn.GRU, {}),
            (torch.nn.RNN, {}),
            (torch.nn.RNN, {"nonlinearity": "relu"}),
        ]
        for (kind, options), layers, both, first, bias in itertools.product(
            kinds, (1, 2), (False, True), (False, True), (False, True)
        ):
            with self.subTest(kind=kind.__name__, layers=layers, both=both, first=first, bias=bias, **options):
                self.setUp()
                module = kind(3, 4, layers, bidirectional=both, batch_first=first, bias=bias, **options)
                model = Head(module, 8 if both else 4)
                x = torch.randn(2, 5, 3)
                update = self.capture_once(model, lambda: model(x).square().sum())
                self.assert_agrees(update)
                described = update.module("recurrent")
                self.assertEqual(described["cell"], module.mode.lower())
                self.assertEqual(described["class"], f"torch.nn.{kind.__name__}")
                self.assertEqual(described["layer_count"], layers)
                self.assertEqual(described["bidirectional"], both)
                self.assertEqual(described["type"], "float64")
                sequence = described["sequences"][0]
                self.assertEqual((sequence["steps"], sequence["batch"]), (5, 2) if first else (2, 5))
                self.assertEqual(sequence["batch_first"], first)

    def test_the_replay_notices_what_is_wrong(self):
        model = Head(torch.nn.LSTM(3, 4, 2, bidirectional=True), 8)
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: model(x).square().sum())
        self.assert_agrees(update)
        read = update.arrays
        for wrong in ("inputs", "grad_output", "output", "hn", "p3", "g6"):

            def altered(file):
                arrays = read(file)
                if wrong in arrays:
                    arrays[wrong].flat[1] += 1e-6
                return arrays

            update.arrays = altered
            with self.assertRaises(AssertionError, msg=wrong):
                self.assert_agrees(update)

    def test_outside_gradients_are_those_of_each_output_alone(self):
        """Of a loss that reads output, h_n and c_n, each in its own way, the gradients are known exactly."""
        module = torch.nn.LSTM(3, 4, 2)
        x, weight = torch.randn(6, 2, 3), torch.randn(6, 2, 4)

        def loss():
            output, (h, c) = module(x)
            return (output * weight).sum() + 2 * h.sum() + 3 * c.sum()

        arrays = self.capture_once(module, loss).sequence("")
        numpy.testing.assert_array_equal(arrays["grad_output"], weight.numpy())
        numpy.testing.assert_array_equal(arrays["grad_hn"], numpy.full((2, 2, 4), 2.0))
        numpy.testing.assert_array_equal(arrays["grad_cn"], numpy.full((2, 2, 4), 3.0))
        numpy.testing.assert_array_equal(arrays["inputs"], x.numpy())
        self.assertNotIn("h0", arrays)
        self.assertNotIn("lengths", arrays)

    def test_unused_results_have_no_gradient(self):
        module = torch.nn.LSTM(3, 4)
        x = torch.randn(6, 2, 3)
        arrays = self.capture_once(module, lambda: module(x)[1][0].sum()).sequence("")
        self.assertEqual({name for name in arrays if name.startswith("grad")}, {"grad_hn"})

    def test_initial_states_and_inputs_that_ask_for_gradients(self):
        for kind in (torch.nn.LSTM, torch.nn.GRU):
            self.setUp()
            module = kind(3, 4, 2, bidirectional=True)
            x = torch.randn(5, 2, 3, requires_grad=True)
            h, c = (torch.randn(4, 2, 4, requires_grad=True) for _ in range(2))
            state = (h, c) if kind is torch.nn.LSTM else h

            # The states and inputs are read by others as well, whose gradients are no part of the module's.
            def loss():
                output, _ = module(x, state)
                return output.square().sum() + x.square().sum() + h.square().sum() + c.square().sum()

            update = self.capture_once(module, loss)
            self.assert_agrees(update)
            arrays = update.sequence("")
            self.assertIn("grad_h0", arrays)
            self.assertIn("grad_inputs", arrays)
            whole = arrays["grad_inputs"] + 2 * x.detach().numpy()
            numpy.testing.assert_allclose(x.grad.numpy(), whole, rtol=1e-12, atol=1e-14)

    def test_arguments_by_name(self):
        module = torch.nn.GRU(3, 4)
        x, h = torch.randn(5, 2, 3), torch.randn(1, 2, 4)
        update = self.capture_once(module, lambda: module(hx=h, input=x)[0].sum())
        self.assert_agrees(update)
        numpy.testing.assert_array_equal(update.sequence("")["h0"], h.numpy())

    def test_packed_sequences_are_stored_in_the_callers_order(self):
        for kind, sort in itertools.product((torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN), (False, True)):
            with self.subTest(kind=kind.__name__, sorted=sort):
                self.setUp()
                module = kind(3, 4, 2, bidirectional=True)
                lengths = torch.tensor([6, 4, 4, 1] if sort else [4, 1, 6, 4])
                x = torch.randn(6, 4, 3, requires_grad=True)
                h = torch.randn(4, 4, 4, requires_grad=True)
                state = (h, h.detach() * 2) if kind is torch.nn.LSTM else h
                seen = {}

                def loss():
                    packed = pack_padded_sequence(x, lengths, enforce_sorted=sort)
                    output, last = module(packed, state)
                    padded, _ = pad_packed_sequence(output)
                    seen["output"], seen["last"] = padded, last[0] if isinstance(last, tuple) else last
                    weight = torch.arange(4.0).reshape(1, 4, 1)
                    return (padded * weight).square().sum() + (seen["last"] * weight).sum()

                update = self.capture_once(module, loss)
                self.assert_agrees(update)
                arrays = update.sequence("")
                within = torch.arange(6)[:, None] < lengths
                numpy.testing.assert_array_equal(arrays["lengths"], lengths.numpy())
                numpy.testing.assert_array_equal(arrays["inputs"], (x * within[:, :, None]).detach().numpy())
                numpy.testing.assert_array_equal(arrays["output"], seen["output"].detach().numpy())
                numpy.testing.assert_array_equal(arrays["hn"], seen["last"].detach().numpy())
                numpy.testing.assert_array_equal(arrays["h0"], h.detach().numpy())
                numpy.testing.assert_array_equal(arrays["grad_hn"][0, :, 0], [0, 1, 2, 3])
                self.assertTrue(update.modules[0]["sequences"][0]["packed"])

    def test_unbatched_input(self):
        for first in (False, True):
            self.setUp()
            module = torch.nn.LSTM(3, 4, 2, batch_first=first)
            x, state = torch.randn(5, 3), (torch.randn(2, 4), torch.randn(2, 4, requires_grad=True))
            update = self.capture_once(module, lambda: module(x, state)[0].square().sum())
            self.assert_agrees(update)
            sequence = update.modules[0]["sequences"][0]
            self.assertEqual((sequence["unbatched"], sequence["steps"], sequence["batch"]), (True, 5, 1))

    def test_outputs_changed_in_place(self):
        """As `output[mask] = 0` and `output *= mask` do it; the stored output is the module's."""
        for first in (False, True):
            self.setUp()
            module = torch.nn.GRU(3, 4, batch_first=first)
            x = torch.randn(5, 2, 3)

            def loss():
                output, last = module(x)
                output *= torch.rand(output.shape)
                output[0] = 0
                last.mul_(2)
                return output.square().sum() + last.sum()

            update = self.capture_once(module, loss)
            self.assert_agrees(update)
            self.assertEqual(numpy.unique(update.sequence("")["grad_hn"]).tolist(), [2.0])

    def test_a_frozen_module_still_has_gradients_of_its_outputs(self):
        model = Head(torch.nn.LSTM(3, 4, batch_first=True), 4)
        model.recurrent.requires_grad_(False)
        x = torch.randn(2, 5, 3)

        def loss():
            output, _ = model.recurrent(x)
            output[:, 0] = 0  # cannot be done to a leaf that asks for a gradient
            return model.head(output).square().sum()

        update = self.capture_once(model, loss)
        self.assert_agrees(update)
        self.assertIn("grad_output", update.sequence("recurrent"))
        self.assertEqual({parameter["trained"] for parameter in update.parameters}, {False})
        self.assertEqual({parameter["gradient"] for parameter in update.parameters}, {None})

    def test_a_module_called_twice(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x, y = torch.randn(5, 2, 3), torch.randn(7, 3, 3)
        update = self.capture_once(model, lambda: model(x).sum() * model(y).square().sum())
        self.assert_agrees(update)
        self.assertEqual([sequence["steps"] for sequence in update.modules[0]["sequences"]], [5, 7])

    def test_a_call_that_the_loss_does_not_depend_on(self):
        module = torch.nn.LSTM(3, 4)
        x = torch.randn(5, 2, 3)

        def loss():
            module(x * 2)
            return module(x)[0].sum()

        update = self.capture_once(module, loss)
        self.assert_agrees(update)
        first, second = update.modules[0]["sequences"]
        self.assertIn("does not depend", first["problem"])
        self.assertIsNone(second["problem"])

    def test_calls_that_continue_one_another_are_one_sequence(self):
        """As of a decoder that is called step by step, or of a long sequence read in parts."""
        for kind, layers, first, unbatched in itertools.product(
            (torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN), (1, 2), (False, True), (False, True)
        ):
            self.setUp()
            model = Head(kind(4, 4, layers, batch_first=first), 4)
            time = 1 if first and not unbatched else 0
            x = torch.randn(7, 4) if unbatched else torch.randn(2, 7, 4) if first else torch.randn(7, 2, 4)
            x.requires_grad_()

            def loss():
                state, total = None, 0
                for part in x.split([1, 1, 3, 2], dim=time):
                    output, state = model.recurrent(part, state)
                    total = total + model.head(output).square().sum()
                return total

            update = self.capture_once(model, loss)
            self.assert_agrees(update)
            (sequence,) = update.modules[0]["sequences"]
            self.assertEqual((sequence["calls"], sequence["steps"]), (4, 7))
            whole = update.sequence("recurrent")["grad_inputs"]
            grad = x.grad.unsqueeze(1) if unbatched else x.grad.transpose(0, 1) if first else x.grad
            numpy.testing.assert_allclose(whole, grad.numpy(), rtol=1e-12, atol=1e-14)

    def test_states_read_between_such_calls(self):
        """Those of one layer, and h of the highest one, have a place in the arrays. At others the sequence ends."""
        everything, top = slice(None), slice(-1, None)
        for kind, layers, reads in itertools.product((torch.nn.LSTM, torch.nn.GRU), (1, 2), (None, top, everything)):
            self.setUp()
            module = kind(3, 4, layers)
            x = torch.randn(6, 2, 3)

            def loss():
                state, total = None, 0
                for t, step in enumerate(x):
                    output, state = module(step[None], state)
                    total = total + output.square().sum()
                    if t in (1, 3) and reads is top:
                        total = total + t * (state[0] if isinstance(state, tuple) else state)[-1].sum()
                    elif t in (1, 3) and reads is everything:
                        total = total + sum(t * part.sum() for part in (state if isinstance(state, tuple) else [state]))
                    elif t == 4:
                        total = total + 0 * state[0].sum()
                return total

            update = self.capture_once(module, loss)
            self.assert_agrees(update)
            steps = [sequence["steps"] for sequence in update.modules[0]["sequences"]]
            self.assertEqual(steps, [6] if layers == 1 or reads is not everything else [2, 2, 2])
            if layers == 1 and reads is everything and kind is torch.nn.LSTM:
                cells = update.sequence("")["grad_cells"]
                numpy.testing.assert_array_equal(cells[:, 0, 0], [0, 1, 0, 3, 0, 0])

    def test_a_state_from_which_two_calls_start(self):
        module = torch.nn.LSTM(3, 4, 2)
        x = torch.randn(6, 2, 3)

        def loss():
            _, state = module(x[:2])
            return module(x[2:5], state)[0].square().sum() + module(x[3:], state)[0].sum()

        update = self.capture_once(module, loss)
        self.assert_agrees(update)
        self.assertEqual([sequence["steps"] for sequence in update.modules[0]["sequences"]], [2, 3, 3])

    def test_states_that_were_changed_or_detached(self):
        for change in (lambda part: part * 2, lambda part: part.detach(), lambda part: part.mul_(2)):
            self.setUp()
            module = torch.nn.LSTM(3, 4)
            x = torch.randn(6, 2, 3)

            def loss():
                first, state = module(x[:2])
                second, _ = module(x[2:], tuple(change(part) for part in state))
                return first.sum() + second.square().sum()

            update = self.capture_once(module, loss)
            self.assert_agrees(update)
            self.assertEqual([sequence["steps"] for sequence in update.modules[0]["sequences"]], [2, 4])

    def test_tokens_of_calls_that_continue_one_another(self):
        model = torch.nn.ModuleDict({"embed": torch.nn.Embedding(9, 3), "gru": torch.nn.GRU(3, 4, batch_first=True)})
        ids = torch.randint(0, 9, (2, 5))

        def loss():
            state, total = None, 0
            for t in range(5):
                output, state = model["gru"](model["embed"](ids[:, t : t + 1]), state)
                total = total + output.sum()
            return total

        update = self.capture_once(model, loss)
        self.assert_agrees(update)
        numpy.testing.assert_array_equal(update.sequence("gru")["tokens"], ids.t().numpy())

    def test_dropout_between_layers(self):
        for kind, first, both in itertools.product((torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN), (0, 1), (0, 1)):
            self.setUp()
            module = kind(3, 4, 3, dropout=0.4, batch_first=bool(first), bidirectional=bool(both))
            model = Head(module, 8 if both else 4)
            h = torch.randn(6 if both else 3, 2, 4, requires_grad=True)
            x = torch.randn(2, 5, 3) if first else torch.randn(5, 2, 3)
            state = (h, h.detach()) if kind is torch.nn.LSTM else h
            update = self.capture_once(model, lambda: model(x, state).square().sum())
            self.assert_agrees(update)
            self.assertEqual(
                [(module["name"], module["class"]) for module in update.modules],
                [(f"recurrent (layer {n})", f"torch.nn.{kind.__name__}, layer {n} of 3") for n in range(3)],
            )
            self.assertIn("recurrent.weight_hh_l2", [parameter["name"] for parameter in update.parameters])
            self.assertIn("random numbers", update.description["notes"][0])
            upper = update.sequence("recurrent (layer 1)")
            self.assertGreater((upper["inputs"] == 0).sum(), 0)
            self.assertNotIn("forward", module.__dict__)

    def test_dropout_between_layers_of_packed_and_unbatched_sequences(self):
        module = torch.nn.LSTM(3, 4, 2, dropout=0.4)
        x = torch.randn(6, 3, 3)
        packed = pack_padded_sequence(x, torch.tensor([2, 6, 3]), enforce_sorted=False)
        update = self.capture_once(module, lambda: module(packed)[0].data.sum() + module(x[:, 0])[1][0].sum())
        self.assert_agrees(update)
        self.assertEqual([sequence["packed"] for sequence in update.modules[1]["sequences"]], [True, False])

    def test_layer_by_layer_computes_what_the_module_does(self):
        """With the same seed and one dropout, random numbers are drawn in the same order and all is equal."""
        module = torch.nn.LSTM(3, 4, 2, dropout=0.4)
        x = torch.randn(6, 3, 3)
        torch.manual_seed(3)
        plain, (h, c) = module(x)
        with self.capture(module):
            torch.manual_seed(3)
            output, (h2, c2) = module(x)
            output.sum().backward()
        for a, b in ((plain, output), (h, h2), (c, c2)):
            torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)

    def test_in_evaluation_a_module_with_dropout_is_one(self):
        module = torch.nn.LSTM(3, 4, 2, dropout=0.4).eval()
        x = torch.randn(6, 3, 3)
        update = self.capture_once(module, lambda: module(x)[0].sum())
        self.assert_agrees(update)
        self.assertEqual([module["layer_count"] for module in update.modules], [2])

    def test_a_module_with_dropout_that_changes_its_mode(self):
        """As `model.train()` and `model.eval()` within the block do it."""
        module = torch.nn.LSTM(3, 4, 2, dropout=0.4).eval()
        x = torch.randn(6, 3, 3)
        with self.capture(module):
            module.train()
            loss = module(x)[0].sum()
            module.eval()
            with torch.no_grad():
                module(x)
            loss.backward()
        update = self.only_update()
        self.assert_agrees(update)
        self.assertEqual([module["name"] for module in update.modules], ["(layer 0)", "(layer 1)"])
        self.folder += "-"
        with self.capture(module):
            loss = module(x)[0].sum()
            module.train()
            (loss + module(x)[0].square().sum()).backward()
        update = self.only_update()
        self.assert_agrees(update)
        self.assertEqual([module["name"] for module in update.modules], ["", "(layer 0)", "(layer 1)"])

    def test_checkpoints(self):
        for reentrant in (False, True):
            self.setUp()
            model = Head(torch.nn.LSTM(3, 4, batch_first=True), 4)
            x = torch.randn(2, 5, 3, requires_grad=True)

            def run():
                return checkpoint(model, x, use_reentrant=reentrant).square().sum()

            if reentrant:
                self.assert_refuses("use_reentrant=False", lambda: self.capture_once(model, run))
            else:
                update = self.capture_once(model, run)
                self.assert_agrees(update)
                self.assertEqual(len(update.modules[0]["sequences"]), 1)

    def test_a_checkpoint_of_a_frozen_module(self):
        model = Head(torch.nn.LSTM(3, 4, batch_first=True), 4)
        model.recurrent.requires_grad_(False)
        x = torch.randn(2, 5, 3)
        self.assert_agrees(
            self.capture_once(model, lambda: checkpoint(model, x, use_reentrant=False).square().sum())
        )

    def test_narrow_types(self):
        torch.set_default_dtype(torch.float32)
        for kind, tolerance in ((torch.float32, 1e-5), (torch.bfloat16, 0.1)):
            model = Head(torch.nn.GRU(3, 4), 4).to(kind)
            self.folder += "-"
            x = torch.randn(5, 2, 3, dtype=kind)
            update = self.capture_once(model, lambda: model(x).square().sum())
            self.assert_agrees(update, tolerance)
            self.assertEqual(update.modules[0]["type"], str(kind)[6:])
            self.assertEqual(update.sequence("recurrent")["output"].dtype, numpy.float32)

    def test_autocast_is_named(self):
        torch.set_default_dtype(torch.float32)
        model = Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = model(x).float().square().sum()
            loss.backward()
        update = self.only_update()
        self.assert_agrees(update, 0.1)
        self.assertEqual(update.modules[0]["type"], "bfloat16")

    def test_token_ids(self):
        class Tagger(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = torch.nn.Embedding(20, 3)
                self.lstm = torch.nn.LSTM(3, 4, batch_first=True)
                self.cell = torch.nn.GRUCell(3, 4)
                self.other = torch.nn.GRU(3, 4)

            def forward(self, ids, lengths):
                x = self.embed(ids)
                packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
                loss = self.lstm(x)[0].sum() + self.lstm(packed)[0].data.sum() + self.other(x * 2)[0].sum()
                h, k = None, None
                for t in range(ids.shape[1]):
                    h = self.cell(x[:, t], h)
                    k = self.cell(self.embed(ids[:, t]), k)
                return loss + h.sum() + k.sum()

        model = Tagger()
        ids, lengths = torch.randint(0, 20, (3, 5)), torch.tensor([2, 5, 3])
        update = self.capture_once(model, lambda: model(ids, lengths))
        self.assert_agrees(update)
        time_major = ids.t().numpy()
        numpy.testing.assert_array_equal(update.sequence("lstm", 0)["tokens"], time_major)
        within = numpy.arange(5)[:, None] < lengths.numpy()
        numpy.testing.assert_array_equal(update.sequence("lstm", 1)["tokens"], time_major * within)
        numpy.testing.assert_array_equal(update.sequence("cell", 0)["tokens"], time_major)
        numpy.testing.assert_array_equal(update.sequence("cell", 1)["tokens"], time_major)
        self.assertNotIn("tokens", update.sequence("other"))

    def test_names_of_wrapped_models(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)
        for wrapped in (torch.nn.DataParallel(model), torch.nn.Sequential(torch.nn.DataParallel(model))):
            self.setUp()
            update = self.capture_once(wrapped, lambda: wrapped(x).sum())
            self.assert_agrees(update)
            self.assertEqual(update.modules[0]["name"].removeprefix("0."), "recurrent")

    @unittest.skipUnless(eager.can_force_eager(), "needs PyTorch 2.6")
    def test_a_compiled_model_runs_as_it_is_written(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        compiled = torch.compile(model, backend="eager")
        x = torch.randn(5, 2, 3)
        compiled(x)
        update = self.capture_once(compiled, lambda: compiled(x).sum())
        self.assert_agrees(update)
        self.assertEqual(update.modules[0]["name"], "recurrent")
        import torch._dynamo.eval_frame as frame

        self.assertEqual(frame._stance.stance, "default")
        compiled(x).sum().backward()


if __name__ == "__main__":
    unittest.main()
