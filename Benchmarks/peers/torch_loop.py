"""PyTorch, a loop over the steps, instrumented: the gradient that arrives at every state.

One call of `torch.autograd.grad` asks for the gradients of the weights and of all the states;
`retain_grad`, tensor hooks and added zeros cost more for every step. Tuned, it asks for those of
the pre-activations instead of the weights, whose gradients follow as one product each.
"""

import protocol

torch = protocol.library("torch")


def rnn_states(projected, recurrent, zeros):
    hidden, states = zeros, []
    for step in projected.unbind():
        hidden = torch.addmm(step, hidden, recurrent).tanh_()
        states.append(hidden)
    return states, []


def lstm_states(projected, recurrent, zeros):
    hidden, cell, states, cells = zeros, zeros, [], []
    for step in projected.unbind():
        i, f, g, o = torch.addmm(step, hidden, recurrent).chunk(4, dim=1)
        kept = torch.sigmoid(f) * cell
        cell = torch.addcmul(kept, torch.sigmoid(i), torch.tanh(g))
        hidden = torch.sigmoid(o) * torch.tanh(cell)
        states.append(hidden)
        cells.append(cell)
    return states, cells


def norms(gradients):
    """One norm a step, over batch and units."""
    return torch.linalg.vector_norm(torch.stack(gradients), dim=(1, 2))


def prepare(case):
    arrays = {name: torch.from_numpy(values) for name, values in case.arrays.items()}
    inputs, direction = arrays["inputs"].flatten(0, 1), arrays["direction"]
    weight_ih, weight_hh = arrays["weight_ih_l0"], arrays["weight_hh_l0"]
    unroll = {"rnn": rnn_states, "lstm": lstm_states}[case.cell]

    def run():
        weights = [weight_ih, weight_hh, arrays["bias_ih_l0"] + arrays["bias_hh_l0"]]
        if not protocol.TUNED:
            weights = [weight.detach().requires_grad_() for weight in weights]
        to_gates, to_next, bias = weights
        projected = torch.addmm(bias, inputs, to_gates.t())
        projected = projected.view(case.steps, case.batch, -1)
        if protocol.TUNED:
            projected.requires_grad_()
        zeros = torch.zeros(case.batch, case.hidden)

        states, cells = unroll(projected, to_next.t(), zeros)
        loss = (states[-1] @ direction).sum()
        wanted = [projected] if protocol.TUNED else weights
        found = torch.autograd.grad(loss, [*wanted, *states, *cells])
        of_weights, gradients = found[: len(wanted)], found[len(wanted) :]
        if protocol.TUNED:
            gates = of_weights[0].flatten(0, 1)
            previous = torch.cat([zeros, *states[:-1]]).detach()
            of_weights = [gates.t() @ inputs, gates.t() @ previous, gates.sum(0)]

        results = {
            "loss": loss.detach(),
            "hidden_norms": norms(gradients[: case.steps]),
            "grad_weight_ih_l0": of_weights[0],
            "grad_weight_hh_l0": of_weights[1],
            "grad_bias_ih_l0": of_weights[2],
            "grad_bias_hh_l0": of_weights[2],
        }
        if cells:
            results["cell_norms"] = norms(gradients[case.steps :])
        return results

    return run


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    protocol.serve("torch_loop", f"torch {torch.__version__}", prepare)
