"""PyTorch's own nn.RNN and nn.LSTM, not instrumented: no gradient of any single step."""

import protocol

torch = protocol.library("torch")

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def prepare(case):
    arrays = {name: torch.from_numpy(values) for name, values in case.arrays.items()}
    network = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[case.cell](case.inputs, case.hidden)
    network.load_state_dict({f"{name}_l0": arrays[name] for name in WEIGHTS})
    parameters = [network.get_parameter(f"{name}_l0") for name in WEIGHTS]

    def run():
        states, _ = network(arrays["inputs"])
        loss = (states[-1] @ arrays["direction"]).sum()
        gradients = torch.autograd.grad(loss, parameters)
        results = {f"grad_{name}": values for name, values in zip(WEIGHTS, gradients)}
        return {"loss": loss.detach(), **results}

    return run


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    protocol.serve("torch_fused", f"torch {torch.__version__}", prepare)
