import numpy
import torch
from torch.nn.utils import parametrizations

from support import CaptureTestCase, Head
from replay import Loaded

NORMALISATIONS = [torch.nn.utils.weight_norm]
if hasattr(parametrizations, "weight_norm"):  # from PyTorch 2.1
    NORMALISATIONS.append(parametrizations.weight_norm)


class Weights(CaptureTestCase):
    def assert_unshared(self, update, expected=False):
        self.assertEqual({parameter["used_elsewhere"] for parameter in update.parameters}, {expected})

    def test_gradients_are_the_parameters_own(self):
        model = Head(torch.nn.LSTM(3, 4, 2), 4)
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: model(x).square().sum())
        for name, parameter in model.recurrent.named_parameters():
            stored = update.parameter("recurrent." + name)
            numpy.testing.assert_array_equal(update.value(stored), parameter.detach().numpy())
            numpy.testing.assert_array_equal(update.gradient(stored), parameter.grad.numpy())
        self.assert_unshared(update)

    def test_a_penalty_stands_apart(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)

        def loss():
            return model(x).square().sum() + 0.1 * sum(p.square().sum() for p in model.parameters())

        update = self.capture_once(model, loss)
        self.assert_agrees(update)
        self.assert_unshared(update, True)
        stored = update.parameter("recurrent.weight_hh_l0")
        whole = update.gradient(stored) + 0.2 * update.value(stored)
        numpy.testing.assert_allclose(model.recurrent.weight_hh_l0.grad.numpy(), whole, rtol=1e-12, atol=1e-15)

    def test_a_penalty_on_a_cell_stands_apart(self):
        cell = torch.nn.GRUCell(3, 4)
        x = torch.randn(2, 3)

        def loss():
            return cell(x, cell(x)).sum() + cell.weight_hh.square().sum()

        update = self.capture_once(cell, loss)
        self.assert_agrees(update)
        self.assertTrue(update.parameter("weight_hh")["used_elsewhere"])
        self.assertFalse(update.parameter("weight_ih")["used_elsewhere"])

    def test_weights_that_two_modules_share_are_one(self):
        class Siamese(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.left, self.right = torch.nn.GRU(3, 4), torch.nn.GRU(3, 4)
                self.right.weight_hh_l0 = self.left.weight_hh_l0

            def forward(self, x):
                return self.left(x)[0].sum() + self.right(x)[0].square().sum()

        model = Siamese()
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: model(x))
        self.assert_agrees(update)
        self.assertEqual(len(update.parameters), 7)
        left, right = (update.module(name)["layers"][0][0] for name in ("left", "right"))
        self.assertEqual(left["weight_hh"], right["weight_hh"])
        self.assertNotEqual(left["weight_ih"], right["weight_ih"])
        self.assert_unshared(update)

    def test_weights_tied_to_another_layer(self):
        model = Head(torch.nn.RNN(4, 4), 4)
        model.head = torch.nn.Linear(4, 4)
        model.head.weight = model.recurrent.weight_ih_l0
        x = torch.randn(5, 2, 4)
        update = self.capture_once(model, lambda: model(x).square().sum())
        self.assert_agrees(update)
        self.assertTrue(update.parameter("recurrent.weight_ih_l0")["used_elsewhere"])
        self.assertFalse(update.parameter("recurrent.weight_hh_l0")["used_elsewhere"])

    def test_a_gradient_hook_of_the_users(self):
        """As for clipping: what it makes of the gradient is not what autograd computed."""
        model = Head(torch.nn.LSTM(3, 4), 4)
        for parameter in model.parameters():
            parameter.register_hook(lambda gradient: gradient.clamp(-1e-3, 1e-3))
        x = torch.randn(5, 2, 3)
        self.assert_agrees(self.capture_once(model, lambda: model(x).square().sum()))

    def test_some_weights_are_frozen(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        model.recurrent.weight_hh_l0.requires_grad_(False)
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: model(x).square().sum())
        self.assert_agrees(update)
        self.assertIsNone(update.parameter("recurrent.weight_hh_l0")["gradient"])
        self.assertIsNotNone(update.parameter("recurrent.weight_ih_l0")["gradient"])

    def test_normalised_weights_are_the_effective_ones(self):
        for normalise in NORMALISATIONS:
            self.setUp()
            for dropout in (0.0, 0.3):
                model = Head(torch.nn.LSTM(3, 4, 2, dropout=dropout), 4)
                normalise(model.recurrent, "weight_hh_l0")
                normalise(model.recurrent, "weight_hh_l1")
                self.folder += "-"
                x = torch.randn(5, 2, 3)
                update = self.capture_once(model, lambda: model(x).square().sum() + model(x).sum())
                checks = self.assert_agrees(update)
                self.assertIsNotNone(update.parameter("recurrent.weight_hh_l0")["gradient"])
                self.assertEqual(sum(gradients.count for _, gradients in checks.values()), 8 + 2 * (dropout > 0))

    def test_normalised_weights_of_cells(self):
        for normalise in NORMALISATIONS:
            self.setUp()
            cell = normalise(torch.nn.GRUCell(3, 4), "weight_hh")
            x = torch.randn(2, 3)
            update = self.capture_once(cell, lambda: cell(x, cell(x)).square().sum())
            self.assert_agrees(update)
            known = normalise is torch.nn.utils.weight_norm
            self.assertEqual(update.parameter("weight_hh")["gradient"] is not None, known)
            self.assertEqual("parametrised" in "".join(update.description["notes"]), not known)

    def test_weights_that_change_at_each_call_are_refused(self):
        model = Head(torch.nn.RNN(3, 4), 4)
        parametrizations.spectral_norm(model.recurrent, "weight_hh_l0")
        x = torch.randn(5, 2, 3)
        self.assert_refuses("spectral norm", lambda: self.capture_once(model, lambda: model(x).sum() + model(x).sum()))

    def test_functional_call(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        parameters = {name: parameter.detach() * 2 for name, parameter in model.named_parameters()}
        for parameter in parameters.values():
            parameter.requires_grad_()
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: torch.func.functional_call(model, parameters, (x,)).square().sum())
        self.assert_agrees(update)
        stored = update.gradient(update.parameter("recurrent.weight_hh_l0"))
        numpy.testing.assert_array_equal(stored, parameters["recurrent.weight_hh_l0"].grad.numpy())

    def test_weights_changed_by_hand_within_an_update_are_refused(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)
        for change in (
            lambda weight: torch.nn.init.zeros_(weight),
            lambda weight: weight.data.add_(1),  # of which no version tells
        ):
            self.setUp()

            def run():
                with self.capture(model):
                    model(x).sum().backward()
                    change(model.recurrent.weight_hh_l0)
                    model(x).sum().backward()

            self.assert_refuses(["weight_hh_l0 changed", "step()"], run)

    def test_projected_states_are_refused_by_name(self):
        class Two(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.projected, self.gru = torch.nn.LSTM(3, 4, proj_size=2), torch.nn.GRU(2, 4)

            def forward(self, x):
                return self.gru(self.projected(x)[0])[0]

        model = Two()
        x = torch.randn(5, 2, 3)
        update = self.capture_once(model, lambda: model(x).sum())
        self.assert_agrees(update, problems=["projected"])
        self.assertIn("proj_size", update.module("projected")["problem"])


class Updates(CaptureTestCase):
    def train(self, model, optimizer, updates, x, session=None):
        losses = []
        for _ in range(updates):
            optimizer.zero_grad()
            loss = model(x).square().sum()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    def test_every_so_many_updates(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model, every=3) as session:
            losses = self.train(model, torch.optim.SGD(model.parameters(), 0.01), 8, x)
        capture = Loaded(self.folder)
        self.assertEqual([update.description["update"] for update in capture.updates], [0, 3, 6])
        self.assertEqual([update.description["loss"] for update in capture.updates], [losses[n] for n in (0, 3, 6)])
        self.assertEqual((session.updates, session.captured), (8, 3))
        for update in capture.updates:
            self.assert_agrees(update)
        self.assertEqual(capture.description["every"], 3)
        self.assertTrue(capture.description["finished"])
        seconds = capture.description["seconds"]
        self.assertTrue(0 < seconds["capturing"] < seconds["total"])

    def test_without_every_the_first_update_ends_at_the_optimizers_step(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model):
            losses = self.train(model, torch.optim.Adam(model.parameters()), 3, x)
        update = self.only_update()
        self.assertEqual(update.description["loss"], losses[0])
        self.assert_agrees(update)

    def test_gradient_accumulation(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        with self.capture(model):
            for _ in range(3):
                (model(torch.randn(5, 2, 3)).square().sum() / 3).backward()
        update = self.only_update()
        self.assert_agrees(update)
        self.assertEqual(update.description["backward_calls"], 3)
        self.assertEqual(len(update.modules[0]["sequences"]), 3)

    def test_several_losses_of_one_forward_pass(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model):
            output = model(x)
            output.sum().backward(retain_graph=True)
            torch.autograd.backward([output.square().sum(), output[0, 0, 0]])
        update = self.only_update()
        self.assert_agrees(update)
        self.assertEqual(update.description["backward_calls"], 2)
        expected = (output.sum() + output.square().sum() + output[0, 0, 0]).item()
        self.assertAlmostEqual(update.description["loss"], expected, places=12)

    def test_backward_of_no_scalar(self):
        model = Head(torch.nn.LSTM(3, 4), 4)
        with self.capture(model):
            output = model(torch.randn(5, 2, 3))
            output.backward(torch.ones_like(output))
        self.assert_agrees(self.only_update())
        self.assertIsNone(self.only_update().description["loss"])

    def test_truncated_backpropagation(self):
        model = torch.nn.LSTM(3, 4)
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        x, state = torch.randn(20, 2, 3), None
        with self.capture(model, every=2):
            for start in range(0, 20, 5):
                optimizer.zero_grad()
                output, state = model(x[start : start + 5], state)
                state = tuple(part.detach() for part in state)
                output.square().sum().backward()
                optimizer.step()
        capture = Loaded(self.folder)
        self.assertEqual(len(capture.updates), 2)
        for update in capture.updates:
            self.assert_agrees(update)
        self.assertIn("h0", capture.updates[1].sequence(""))

    def test_updates_by_hand(self):
        model = Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model, every=2) as session:
            for _ in range(4):
                model.zero_grad()
                model(x).square().sum().backward()
                with torch.no_grad():
                    for parameter in model.parameters():
                        parameter -= 0.01 * parameter.grad
                session.step()
        capture = Loaded(self.folder)
        self.assertEqual([update.description["update"] for update in capture.updates], [0, 2])
        for update in capture.updates:
            self.assert_agrees(update)

    def test_an_optimizer_of_another_model_ends_nothing(self):
        model, other = Head(torch.nn.GRU(3, 4), 4), torch.nn.Linear(3, 1)
        x = torch.randn(5, 2, 3)
        optimizer = torch.optim.SGD(other.parameters(), 0.1)
        with self.capture(model) as session:
            other(x).sum().backward()
            optimizer.step()
            model(x).sum().backward()
        self.assertEqual(session.updates, 1)
        self.assert_agrees(self.only_update())

    def test_validation_within_an_update_is_left_out(self):
        model = Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3)
        with self.capture(model):
            with torch.no_grad():
                model(x), model(x)
            model(x).sum().backward()
        update = self.only_update()
        self.assert_agrees(update)
        self.assertEqual(len(update.modules[0]["sequences"]), 1)
        self.assertEqual(
            update.description["notes"], ["recurrent: 2 calls under torch.no_grad are left out, for they have no gradients"]
        )

    def test_gradients_of_gradients_are_refused(self):
        model = Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3, requires_grad=True)

        def run():
            with self.capture(model):
                output = model(x)
                (gradient,) = torch.autograd.grad(output.sum(), x, create_graph=True)
                (output.sum() + gradient.square().sum()).backward()

        self.assert_refuses("create_graph", run)

    def test_first_gradients_by_autograd_grad_are_no_part(self):
        model = Head(torch.nn.GRU(3, 4), 4)
        x = torch.randn(5, 2, 3, requires_grad=True)
        with self.capture(model):
            output = model(x)
            torch.autograd.grad(output.sum(), x, retain_graph=True)
            output.square().sum().backward()
        self.assert_agrees(self.only_update())

    def test_a_loss_that_is_no_number(self):
        model = torch.nn.GRU(3, 4)
        with self.capture(model):
            (model(torch.randn(5, 2, 3))[0].sum() * float("inf")).backward()
        description = self.only_update().description
        self.assertIsNone(description["loss"])
        self.assertIn("the loss is", description["notes"][0])


if __name__ == "__main__":
    import unittest

    unittest.main()
