import numpy
import torch

from support import CaptureTestCase


class Loop(torch.nn.Module):
    """A cell in a loop, as users write it."""

    def __init__(self, cell, between=lambda state: state, state=None):
        super().__init__()
        self.cell = cell
        self.between = between
        self.state = state

    def forward(self, x):
        state, outputs = self.state, []
        for step in x:
            state = self.cell(step, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
            state = self.between(state)
        return torch.stack(outputs)


class Cells(CaptureTestCase):
    def lengths(self, update, name="cell"):
        return [sequence["steps"] for sequence in update.module(name)["sequences"]]

    def test_a_loop_is_one_sequence(self):
        cells = [torch.nn.LSTMCell, torch.nn.GRUCell, torch.nn.RNNCell, torch.nn.RNNCell]
        for index, kind in enumerate(cells):
            for bias, trained, given in ((True, True, False), (False, True, True), (True, False, True)):
                self.setUp()
                options = {"nonlinearity": "relu"} if index == 3 else {}
                cell = kind(3, 4, bias=bias, **options).requires_grad_(trained)
                h = torch.randn(2, 4, requires_grad=True)
                state = None if not given else (h, h.detach()) if index == 0 else h
                model = Loop(cell, state=state)
                x = torch.randn(6, 2, 3, requires_grad=given)
                update = self.capture_once(model, lambda: model(x).square().sum())
                self.assert_agrees(update)
                self.assertEqual(self.lengths(update), [6])
                self.assertEqual(update.modules[0]["sequences"][0]["calls"], 6)
                names = ["lstm", "gru", "rnn_tanh", "rnn_relu"]
                self.assertEqual(update.modules[0]["cell"], names[index])

    def test_the_recursions_gradient_is_no_part_of_the_outsides(self):
        model = Loop(torch.nn.LSTMCell(3, 4))
        x, weight = torch.randn(6, 2, 3), torch.randn(6, 2, 4)
        arrays = self.capture_once(model, lambda: (model(x) * weight).sum()).sequence("cell")
        numpy.testing.assert_array_equal(arrays["grad_output"], weight.numpy())
        self.assertNotIn("grad_cells", arrays)
        self.assertNotIn("grad_cn", arrays)

    def test_cell_states_that_are_read_on_the_way(self):
        cell = torch.nn.LSTMCell(3, 4)
        x = torch.randn(5, 2, 3)

        def loss():
            state, total = None, 0
            for t, step in enumerate(x):
                state = cell(step, state)
                if t in (1, 2, 4):
                    total = total + (t * state[1]).sum()
            return total

        update = self.capture_once(cell, loss)
        self.assert_agrees(update)
        arrays = update.sequence("")
        numpy.testing.assert_array_equal(arrays["grad_cells"][:, 0, 0], [0, 1, 2, 0, 0])
        numpy.testing.assert_array_equal(arrays["grad_cn"][0, 0, 0], 4)
        self.assertNotIn("grad_output", arrays)

    def test_a_detached_state_begins_a_new_sequence(self):
        def cut(state):
            return tuple(part.detach() for part in state)

        def cut_in_place(state):
            return tuple(part.detach_() for part in state)

        for between in (cut, cut_in_place):
            self.setUp()
            model = Loop(torch.nn.LSTMCell(3, 4), between)
            x = torch.randn(4, 2, 3)
            if between is cut:
                update = self.capture_once(model, lambda: model(x).square().sum())
                self.assertEqual(self.lengths(update), [1, 1, 1, 1])
                self.assert_agrees(update)
            else:
                with self.capture(model):
                    model(x)
                    (h, c), total = model.cell(x[0]), 0
                    for step in x[1:]:
                        total = total + h.sum()
                        total.backward()
                        total = 0
                        h, c = model.cell(step, cut_in_place((h, c)))
                self.assertEqual(self.lengths(self.only_update())[-4:], [1, 1, 1, 1])
                self.assert_agrees(self.only_update())

    def test_a_state_that_was_changed_begins_a_new_sequence(self):
        mask = torch.tensor([[1.0], [0.0]])

        def scaled(state):
            return state * mask

        def scaled_in_place(state):
            return state.mul_(mask)

        for between in (scaled, scaled_in_place, torch.nn.functional.dropout):
            self.setUp()
            model = Loop(torch.nn.GRUCell(3, 4), between)
            x = torch.randn(4, 2, 3)
            update = self.capture_once(model, lambda: model(x).square().sum())
            self.assertEqual(self.lengths(update), [1, 1, 1, 1])
            self.assert_agrees(update)

    def test_one_of_two_states_changed(self):
        model = Loop(torch.nn.LSTMCell(3, 4), lambda state: (state[0], state[1] * 2))
        x = torch.randn(4, 2, 3)
        update = self.capture_once(model, lambda: model(x).square().sum())
        self.assertEqual(self.lengths(update), [1, 1, 1, 1])
        self.assert_agrees(update)

    def test_interleaved_sequences(self):
        cell = torch.nn.LSTMCell(3, 4)
        x, y = torch.randn(5, 2, 3), torch.randn(5, 3, 3)

        def loss():
            a = b = None
            total = 0
            for t in range(5):
                a = cell(x[t], a)
                b = cell(y[t], b)
                total = total + a[0].square().sum() * b[1].sum()
            return total

        update = self.capture_once(cell, loss)
        self.assertEqual(self.lengths(update, ""), [5, 5])
        self.assertEqual([sequence["batch"] for sequence in update.modules[0]["sequences"]], [2, 3])
        self.assert_agrees(update)

    def test_a_state_from_which_two_calls_start(self):
        """The first of them continues the sequence; the other one is a new sequence, and outside of the first."""
        cell = torch.nn.GRUCell(3, 4)
        x = torch.randn(5, 2, 3)

        def loss():
            h = cell(x[1], cell(x[0]))
            a = cell(x[2], h)
            b = cell(x[3], h)
            return (cell(x[4], a) * cell(x[4], b)).sum()

        update = self.capture_once(cell, loss)
        self.assertEqual(self.lengths(update, ""), [4, 2])
        self.assert_agrees(update)
        first, second = update.sequence("", 0), update.sequence("", 1)
        numpy.testing.assert_array_equal(first["grad_output"][1], second["grad_h0"][0])

    def test_one_cell_after_another(self):
        class Stack(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.lower, self.upper = torch.nn.LSTMCell(3, 4), torch.nn.GRUCell(4, 4)
                self.head = torch.nn.Linear(4, 1)

            def forward(self, x):
                low, high, total = None, None, 0
                for step in x:
                    low = self.lower(step, low)
                    high = self.upper(low[0], high)
                    total = total + self.head(high + low[0]).square().sum()
                return total

        model = Stack()
        x = torch.randn(6, 2, 3)
        update = self.capture_once(model, lambda: model(x))
        self.assert_agrees(update)
        self.assertEqual((self.lengths(update, "lower"), self.lengths(update, "upper")), ([6], [6]))
        self.assertIn("grad_inputs", update.sequence("upper"))

    def test_a_decoder_that_reads_its_own_output(self):
        cell, head = torch.nn.GRUCell(4, 4), torch.nn.Linear(4, 4)
        model = torch.nn.ModuleList([cell, head])
        start = torch.randn(2, 4)

        def loss():
            h, x, total = torch.zeros(2, 4), start, 0
            for _ in range(5):
                h = cell(x, h)
                x = head(h)
                total = total + x.square().sum()
            return total

        update = self.capture_once(model, loss)
        self.assert_agrees(update)
        self.assertEqual(self.lengths(update, "0"), [5])

    def test_unbatched_cells(self):
        for kind in (torch.nn.LSTMCell, torch.nn.RNNCell):
            self.setUp()
            model = Loop(kind(3, 4))
            x = torch.randn(5, 3)
            update = self.capture_once(model, lambda: model(x).square().sum())
            self.assert_agrees(update)
            sequence = update.modules[0]["sequences"][0]
            self.assertEqual((sequence["unbatched"], sequence["steps"], sequence["batch"]), (True, 5, 1))

    def test_gradients_of_training_do_not_change(self):
        for kind in (torch.nn.LSTMCell, torch.nn.GRUCell):
            self.setUp()
            model = Loop(kind(3, 4))
            x = torch.randn(8, 2, 3)
            model(x).square().sum().backward()
            plain = [parameter.grad.clone() for parameter in model.parameters()]
            model.zero_grad()
            self.capture_once(model, lambda: model(x).square().sum())
            for expected, parameter in zip(plain, model.parameters()):
                torch.testing.assert_close(parameter.grad, expected, rtol=1e-12, atol=1e-15)


if __name__ == "__main__":
    import unittest

    unittest.main()
