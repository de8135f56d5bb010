"""Updates of a network in training as one writes them in PyTorch: the fused layers and torch.optim.

Batches are handed over ready; a run makes one update of each, from the first weights.
"""

import protocol

torch = protocol.library("torch")

NETWORKS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
OPTIMISERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


class Network(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        self.layers = NETWORKS[case.cell](case.inputs, case.hidden, num_layers=case.layers)
        self.readout = torch.nn.Linear(case.hidden, case.outputs)
        self.reads_all = case.every_step

    def forward(self, inputs):
        states, _ = self.layers(inputs)
        return self.readout(states if self.reads_all else states[-1])


def prepare(case):
    arrays = {name: torch.from_numpy(values) for name, values in case.arrays.items()}
    tokens, classes = arrays.pop("tokens").long(), arrays.pop("classes").long()
    first = {name if "." in name else f"layers.{name}": values for name, values in arrays.items()}

    def run():
        network = Network(case)
        network.load_state_dict(first)
        parameters = list(network.parameters())
        optimiser = OPTIMISERS[case.optimiser](parameters, lr=case.rate)
        losses = []
        for symbols, wanted in zip(tokens, classes):
            inputs = torch.nn.functional.one_hot(symbols, case.inputs).float()
            outputs = network(inputs).flatten(0, -2)
            loss = torch.nn.functional.cross_entropy(outputs, wanted.flatten())
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, case.limit)
            optimiser.step()
            losses.append(loss.detach())
        return {"losses": torch.stack(losses)}

    return run


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    protocol.serve("torch_training", f"torch {torch.__version__}", prepare)
