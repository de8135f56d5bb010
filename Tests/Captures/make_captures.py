"""Writes the captures that the tests read, with PyTorch: python Tests/Captures/make_captures.py"""

import os
import shutil
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "Python"))
from gradflow_capture import capture  # noqa: E402


def folder(name):
    path = os.path.join(HERE, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


class Tagger(nn.Module):
    """An embedding, an LSTM of two layers in both directions on sequences of different lengths, and a GRU cell."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.cell = nn.GRUCell(8, 5)
        self.out = nn.Linear(5, 3)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(
            self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)
        read = torch.relu(self.norm(torch.cat([hidden[-2], hidden[-1]], dim=1)))
        state = torch.zeros(len(lengths), 5, dtype=read.dtype)
        for step in range(3):
            state = self.cell(read * (step + 1), state)
        return self.out(state)


class Projected(nn.Module):
    """An LSTM whose equation is another one, before a plain RNN."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, proj_size=2)
        self.rnn = nn.RNN(2, 3)

    def forward(self, x):
        return self.rnn(self.lstm(x)[0])[0][-1].sum()


def tagger():
    torch.manual_seed(1)
    model = Tagger().double()
    tokens = torch.randint(0, 7, (4, 6))
    with capture(model, folder("tagger"), quiet=True):
        logits = model(tokens, torch.tensor([6, 3, 5, 1]))
        nn.functional.cross_entropy(logits, torch.tensor([0, 2, 1, 1])).backward()


def series():
    torch.manual_seed(2)
    model = nn.Sequential(nn.GRU(2, 4))
    head = nn.Linear(4, 1)
    optimizer = torch.optim.SGD([*model.parameters(), *head.parameters()], lr=0.1)
    with capture(model, folder("series"), every=2, quiet=True):
        for update in range(5):
            optimizer.zero_grad()
            x = torch.randn(5 + update, 3, 2)
            loss = (head(model(x)[0][-1]) - x[0, :, :1]).square().mean()
            loss.backward()
            optimizer.step()


def projected():
    torch.manual_seed(3)
    model = Projected().double()
    with capture(model, folder("projected"), quiet=True):
        model(torch.randn(4, 2, 3, dtype=torch.double)).backward()


def looking():
    """A loss that reads the cell states of an LSTM on the way, and a GRU beside it."""
    torch.manual_seed(5)
    model = nn.ModuleList([nn.LSTMCell(2, 3), nn.GRU(2, 3)]).double()
    x = torch.randn(4, 2, 2, dtype=torch.double)
    with capture(model, folder("looking"), quiet=True):
        hidden = cell = torch.zeros(2, 3, dtype=torch.double)
        loss = model[1](x)[0].sum()
        for step in x:
            hidden, cell = model[0](step, (hidden, cell))
            loss = loss + cell.square().sum()
        loss.backward()


def nan():
    torch.manual_seed(4)
    model = nn.RNN(2, 3).double()
    x = torch.randn(3, 1, 2, dtype=torch.double)
    x[1, 0, 0] = float("nan")
    with capture(model, folder("nan"), quiet=True):
        model(x)[0].sum().backward()


if __name__ == "__main__":
    tagger()
    series()
    projected()
    nan()
    looking()
