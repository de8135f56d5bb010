"""PyTorch's own nn.RNN, nn.LSTM and nn.GRU, not instrumented: no gradient of any single step.

One layer or several; sequences of different lengths are packed before they are timed.
"""

import protocol

torch = protocol.library("torch")

NETWORKS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def prepare(case):
    arrays = {name: torch.from_numpy(values) for name, values in case.arrays.items()}
    network = NETWORKS[case.cell](case.inputs, case.hidden, num_layers=case.layers)
    parameters = dict(network.named_parameters())
    network.load_state_dict({name: arrays[name] for name in parameters})
    inputs, direction = arrays["inputs"], arrays["direction"]
    if "lengths" in arrays:
        inputs = torch.nn.utils.rnn.pack_padded_sequence(inputs, arrays["lengths"].long())

    def run():
        _, final = network(inputs)
        hidden = final[0] if case.cell == "lstm" else final
        loss = (hidden[-1] @ direction).sum()
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        results = {f"grad_{name}": values for name, values in zip(parameters, gradients)}
        return {"loss": loss.detach(), **results}

    return run


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    protocol.serve("torch_fused", f"torch {torch.__version__}", prepare)
