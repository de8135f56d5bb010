"""Recurrent models as users write them, each trained a little, captured, and checked against autograd.

    python Python/tests/architectures.py path/to/gradflow
    python Python/tests/architectures.py --replay            # in PyTorch, in place of the program

Each architecture is a function that takes a type and gives (model, updates): `updates(session)` trains the model for a
few updates. Every module must agree with autograd (1e-9 in float64, 1e-4 in float32), or be refused by name, and the
training must end with the same parameters as without a capture, bit for bit but in OTHER_NUMBERS. Prints a table; the exit
status is 1 if a module disagrees, or is refused that should not be.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint

from gradflow_capture import CaptureError, capture
from replay import Loaded, replay

TOLERANCES = {torch.float64: 1e-9, torch.float32: 1e-4}
# Computed in half precision, a module agrees as far as its arithmetic reaches.
HALF = 0.1


def training(model, loss_of_batch, updates=3, optimizer=None):
    """The usual loop; `loss_of_batch(model, number)` makes a batch and gives its loss."""
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=1e-3)

    def run(session):
        for number in range(updates):
            optimizer.zero_grad()
            loss_of_batch(model, number).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

    return model, run


# --- Classifiers and taggers


class PackedClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.mlp = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embed(tokens), lengths, batch_first=True, enforce_sorted=True)
        _, (h, _) = self.lstm(packed)
        return self.mlp(torch.cat([h[-2], h[-1]], dim=1))


def classifier_packed(dtype):
    lengths = torch.tensor([9, 7, 7, 2])

    def loss(model, _):
        tokens = torch.randint(1, 50, (4, 9)) * (torch.arange(9) < lengths[:, None])
        return F.cross_entropy(model(tokens, lengths), torch.randint(0, 3, (4,)))

    return training(PackedClassifier().to(dtype), loss)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 8)
        self.gru = nn.GRU(8, 10, batch_first=True, bidirectional=True)
        self.out = nn.Linear(20, 5)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embed(tokens), lengths.cpu(), batch_first=True, enforce_sorted=False)
        output, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return self.out(output)


def tagger_unsorted(dtype):
    lengths = torch.tensor([3, 8, 1, 6])

    def loss(model, _):
        scores = model(torch.randint(0, 50, (4, 8)), lengths)
        targets = torch.randint(0, 5, (4, 8)).masked_fill(torch.arange(8) >= lengths[:, None], -100)
        return F.cross_entropy(scores.transpose(1, 2), targets)

    return training(Tagger().to(dtype), loss)


# --- Encoders and decoders


class Attention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.query, self.key = nn.Linear(size, size), nn.Linear(size, size)
        self.score = nn.Linear(size, 1)

    def forward(self, state, memory):
        weights = self.score(torch.tanh(self.query(state)[:, None] + self.key(memory))).softmax(dim=1)
        return (weights * memory).sum(dim=1)


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.source, self.target = nn.Embedding(30, 8), nn.Embedding(30, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.attention = Attention(12)
        self.decoder = nn.GRUCell(8 + 12, 12)
        self.out = nn.Linear(12 + 12, 30)

    def forward(self, source, target):
        memory, h = self.encoder(self.source(source))
        h, scores = h[0], []
        for token in target.t():
            context = self.attention(h, memory)
            h = self.decoder(torch.cat([self.target(token), context], dim=1), h)
            scores.append(self.out(torch.cat([h, context], dim=1)))
        return torch.stack(scores, dim=1)


def seq2seq_attention(dtype):
    def loss(model, _):
        target = torch.randint(0, 30, (3, 7))
        scores = model(torch.randint(0, 30, (3, 6)), target[:, :-1])
        return F.cross_entropy(scores.flatten(0, 1), target[:, 1:].flatten())

    return training(Seq2Seq().to(dtype), loss)


class StepwiseDecoder(nn.Module):
    """A whole LSTM that is called for one step at a time."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.encoder = nn.LSTM(6, 8, 2)
        self.decoder = nn.LSTM(6, 8, 2)
        self.out = nn.Linear(8, 20)

    def forward(self, source, steps):
        _, state = self.encoder(self.embed(source))
        token, scores = torch.zeros(1, source.shape[1], dtype=torch.long), []
        for _ in range(steps):
            output, state = self.decoder(self.embed(token), state)
            score = self.out(output)
            token = score.argmax(dim=-1)
            scores.append(score)
        return torch.cat(scores)


def decoder_step_by_step(dtype):
    def loss(model, _):
        scores = model(torch.randint(0, 20, (5, 3)), 6)
        return F.cross_entropy(scores.flatten(0, 1), torch.randint(0, 20, (18,)))

    return training(StepwiseDecoder().to(dtype), loss)


class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(13, 16, 2, bidirectional=True)
        self.out = nn.Linear(32, 6)

    def forward(self, frames):
        return self.out(self.lstm(frames)[0]).log_softmax(dim=-1)


def ctc(dtype):
    def loss(model, _):
        scores = model(torch.randn(20, 3, 13, dtype=dtype))
        targets, sizes = torch.randint(1, 6, (3, 5)), torch.tensor([5, 4, 3])
        return F.ctc_loss(scores, targets, torch.tensor([20, 18, 15]), sizes)

    return training(Speech().to(dtype), loss)


# --- Language models


class LanguageModel(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        self.embed = nn.Embedding(40, 12)
        self.lstm = nn.LSTM(12, 12, num_layers=2, batch_first=True, dropout=dropout)
        self.decoder = nn.Linear(12, 40)
        self.decoder.weight = self.embed.weight  # tied

    def forward(self, tokens, state=None):
        output, state = self.lstm(self.embed(tokens), state)
        return self.decoder(output), state


def language_model_tied(dtype):
    def loss(model, _):
        tokens = torch.randint(0, 40, (3, 11))
        return F.cross_entropy(model(tokens[:, :-1])[0].transpose(1, 2), tokens[:, 1:])

    return training(LanguageModel().to(dtype), loss)


def language_model_dropout(dtype):
    def loss(model, _):
        tokens = torch.randint(0, 40, (3, 11))
        return F.cross_entropy(model(tokens[:, :-1])[0].transpose(1, 2), tokens[:, 1:])

    return training(LanguageModel(dropout=0.3).to(dtype), loss)


def truncated_bptt(dtype):
    model = LanguageModel().to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def run(session):
        tokens, state = torch.randint(0, 40, (3, 31)), None
        for start in range(0, 30, 10):
            optimizer.zero_grad()
            scores, state = model(tokens[:, start : start + 10], state)
            state = tuple(part.detach() for part in state)
            F.cross_entropy(scores.transpose(1, 2), tokens[:, start + 1 : start + 11]).backward()
            optimizer.step()

    return model, run


def weight_penalty(dtype):
    def loss(model, _):
        tokens = torch.randint(0, 40, (3, 11))
        scores, _ = model(tokens[:, :-1])
        penalty = sum(parameter.square().sum() for parameter in model.parameters())
        return F.cross_entropy(scores.transpose(1, 2), tokens[:, 1:]) + 1e-2 * penalty

    return training(LanguageModel().to(dtype), loss)


# --- What stands before, between and behind


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.LSTM(10, 10, batch_first=True) for _ in range(3))
        self.norms = nn.ModuleList(nn.LayerNorm(10) for _ in range(3))
        self.out = nn.Linear(10, 1)

    def forward(self, x):
        for layer, norm in zip(self.layers, self.norms):
            x = x + layer(norm(x))[0]  # residual
        return self.out(x[:, -1])


def layer_norm_between(dtype):
    def loss(model, _):
        return F.mse_loss(model(torch.randn(4, 8, 10, dtype=dtype)), torch.randn(4, 1, dtype=dtype))

    return training(Normed().to(dtype), loss)


class Video(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
        self.lstm = nn.LSTM(36, 10, batch_first=True)
        self.out = nn.Linear(10, 2)

    def forward(self, frames):
        batch, steps = frames.shape[:2]
        features = self.features(frames.flatten(0, 1)).view(batch, steps, -1)
        return self.out(self.lstm(features)[0].mean(dim=1))


def cnn_lstm(dtype):
    def loss(model, _):
        return F.cross_entropy(model(torch.randn(3, 5, 1, 8, 8, dtype=dtype)), torch.randint(0, 2, (3,)))

    return training(Video().to(dtype), loss)


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(6, 8, batch_first=True)

    def forward(self, left, right):
        a, b = self.encoder(left)[1][0][-1], self.encoder(right)[1][0][-1]
        return torch.exp(-(a - b).abs().sum(dim=1))


def siamese(dtype):
    def loss(model, _):
        left, right = torch.randn(4, 7, 6, dtype=dtype), torch.randn(4, 5, 6, dtype=dtype)
        return F.mse_loss(model(left, right), torch.rand(4, dtype=dtype))

    return training(Siamese().to(dtype), loss)


class TwiceCalled(nn.Module):
    """The second call starts from where the first one ended."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 7, num_layers=2)
        self.out = nn.Linear(7, 1)

    def forward(self, context, x):
        _, state = self.gru(context)
        return self.out(self.gru(x, state)[0])


def called_twice(dtype):
    def loss(model, _):
        return model(torch.randn(4, 3, 5, dtype=dtype), torch.randn(6, 3, 5, dtype=dtype)).square().mean()

    return training(TwiceCalled().to(dtype), loss)


class Highway(nn.Module):
    """A GRU inside a module that looks like one."""

    def __init__(self, width):
        super().__init__()
        self.gru = nn.GRU(width, width, batch_first=True)
        self.gate = nn.Linear(width, width)

    def forward(self, x):
        open_ = torch.sigmoid(self.gate(x))
        return open_ * self.gru(x)[0] + (1 - open_) * x


def gru_inside_custom_module(dtype):
    model = nn.Sequential(nn.Linear(4, 8), Highway(8), nn.ReLU(), Highway(8), nn.Linear(8, 1)).to(dtype)
    return training(model, lambda model, _: model(torch.randn(3, 6, 4, dtype=dtype)).square().mean())


# --- Cells


class CellLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.LSTMCell(5, 8), nn.LSTMCell(8, 8)
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        h1 = c1 = h2 = c2 = torch.zeros(x.shape[1], 8, dtype=x.dtype)
        outputs = []
        for step in x:
            h1, c1 = self.first(step, (h1, c1))
            h2, c2 = self.second(h1, (h2, c2))
            outputs.append(self.out(h2))
        return torch.stack(outputs)


def cells_in_a_loop(dtype):
    return training(
        CellLoop().to(dtype), lambda model, _: model(torch.randn(9, 3, 5, dtype=dtype)).square().mean()
    )


class LookingCell(nn.Module):
    """Reads its cell states on the way, and drops its state at random."""

    def __init__(self):
        super().__init__()
        self.lstm, self.rnn = nn.LSTMCell(5, 6), nn.RNNCell(5, 6)

    def forward(self, x):
        state, h, total = None, None, 0
        for step in x:
            state = self.lstm(step, state)
            h = F.dropout(self.rnn(step, h), 0.2)
            total = total + (state[1] * h).square().mean()
        return total


def cells_read_and_dropped(dtype):
    return training(LookingCell().to(dtype), lambda model, _: model(torch.randn(6, 3, 5, dtype=dtype)))


# --- States


class LearnedStates(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 8, num_layers=2)
        self.h0 = nn.Parameter(torch.randn(2, 1, 8) * 0.1)
        self.c0 = nn.Parameter(torch.zeros(2, 1, 8))
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        batch = x.shape[1]
        output, _ = self.lstm(x, (self.h0.expand(-1, batch, -1).contiguous(), self.c0.expand(-1, batch, -1).contiguous()))
        return self.out(output)


def learned_initial_states(dtype):
    return training(
        LearnedStates().to(dtype), lambda model, _: model(torch.randn(7, 4, 5, dtype=dtype)).square().mean()
    )


def unbatched(dtype):
    class Regressor(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.RNN(3, 6, nonlinearity="relu")
            self.out = nn.Linear(6, 1)

        def forward(self, x):
            return self.out(self.rnn(x)[0][-1])

    return training(Regressor().to(dtype), lambda model, _: model(torch.randn(12, 3, dtype=dtype)).square().mean())


# --- Trainings


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.GRU(6, 10, batch_first=True, bidirectional=True)
        self.tags, self.label, self.length = nn.Linear(20, 4), nn.Linear(20, 3), nn.Linear(10, 1)

    def forward(self, x):
        output, h = self.shared(x)
        return self.tags(output), self.label(output.mean(dim=1)), self.length(h[-1])


def multi_task(dtype):
    def loss(model, _):
        tags, label, length = model(torch.randn(4, 6, 6, dtype=dtype))
        return (
            F.cross_entropy(tags.transpose(1, 2), torch.randint(0, 4, (4, 6)))
            + 0.5 * F.cross_entropy(label, torch.randint(0, 3, (4,)))
            + 0.1 * length.square().mean()
        )

    return training(MultiTask().to(dtype), loss)


def gradient_accumulation(dtype):
    model = MultiTask().to(dtype)
    optimizer = torch.optim.AdamW(model.parameters())

    def run(session):
        for number in range(9):
            tags, label, length = model(torch.randn(4, 6, 6, dtype=dtype))
            ((tags.square().mean() + label.square().mean() + length.square().mean()) / 3).backward()
            if number % 3 == 2:
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)

    return model, run


def frozen_rnn(dtype):
    model = PackedClassifier().to(dtype)
    for parameter in [*model.lstm.parameters(), *model.embed.parameters()]:
        parameter.requires_grad = False
    lengths = torch.tensor([9, 7, 7, 2])

    def loss(model, _):
        return F.cross_entropy(model(torch.randint(1, 50, (4, 9)), lengths), torch.randint(0, 3, (4,)))

    optimizer = torch.optim.Adam([parameter for parameter in model.parameters() if parameter.requires_grad])
    return training(model, loss, optimizer=optimizer)


def data_parallel(dtype):
    model = nn.DataParallel(LearnedStates().to(dtype))
    return training(model, lambda model, _: model(torch.randn(7, 4, 5, dtype=dtype)).square().mean())


class Unavailable(Exception):
    """This version of PyTorch does not have what the architecture is made of."""


def compiled(dtype):
    if not hasattr(getattr(torch, "compiler", None), "set_stance"):
        raise Unavailable("needs PyTorch 2.6")
    model = torch.compile(Normed().to(dtype), backend=os.environ.get("GRADFLOW_COMPILE_BACKEND", "aot_eager"))

    def loss(model, _):
        return F.mse_loss(model(torch.randn(4, 8, 10, dtype=dtype)), torch.randn(4, 1, dtype=dtype))

    return training(model, loss)


def autocast(dtype):
    model = Tagger()  # parameters in float32, as autocast wants them

    def loss(model, _):
        lengths = torch.tensor([3, 8, 1, 6])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(torch.randint(0, 50, (4, 8)), lengths)
        return F.cross_entropy(scores.float().transpose(1, 2), torch.randint(0, 5, (4, 8)))

    return training(model, loss)


def half_precision(dtype):
    model = CellLoop().to(torch.bfloat16)
    return training(
        model, lambda model, _: model(torch.randn(6, 3, 5, dtype=torch.bfloat16)).float().square().mean()
    )


def checkpointed(dtype):
    model = Normed().to(dtype)

    def loss(model, _):
        x = torch.randn(4, 8, 10, dtype=dtype)
        return checkpoint(model, x, use_reentrant=False).square().mean()

    return training(model, loss)


def weight_norm(dtype):
    if not hasattr(nn.utils.parametrizations, "weight_norm"):
        raise Unavailable("needs PyTorch 2.1")
    model = TwiceCalled().to(dtype)
    nn.utils.parametrizations.weight_norm(model.gru, "weight_hh_l0")

    def loss(model, _):
        return model(torch.randn(4, 3, 5, dtype=dtype), torch.randn(6, 3, 5, dtype=dtype)).square().mean()

    return training(model, loss)


def projected(dtype):
    class Projected(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.gru = nn.LSTM(5, 8, proj_size=3), nn.GRU(3, 4)

        def forward(self, x):
            return self.gru(self.lstm(x)[0])[0]

    return training(Projected().to(dtype), lambda model, _: model(torch.randn(6, 2, 5, dtype=dtype)).square().mean())


def gradient_penalty(dtype):
    def loss(model, _):
        x = torch.randn(4, 8, 10, dtype=dtype, requires_grad=True)
        output = model(x).sum()
        (gradient,) = torch.autograd.grad(output, x, create_graph=True)
        return output + gradient.square().sum()

    return training(Normed().to(dtype), loss)


# Each with what is captured: options of `capture`, and modules that may be refused (all: "*").
ARCHITECTURES = [
    (classifier_packed, {}, []),
    (tagger_unsorted, {}, []),
    (seq2seq_attention, {}, []),
    (decoder_step_by_step, {}, []),
    (ctc, {}, []),
    (language_model_tied, {}, []),
    (language_model_dropout, {}, []),
    (layer_norm_between, {}, []),
    (cnn_lstm, {}, []),
    (siamese, {}, []),
    (called_twice, {}, []),
    (gru_inside_custom_module, {}, []),
    (cells_in_a_loop, {}, []),
    (cells_read_and_dropped, {}, ["lstm"]),
    (learned_initial_states, {}, []),
    (unbatched, {}, []),
    (multi_task, {}, []),
    (frozen_rnn, {}, []),
    (data_parallel, {}, []),
    (compiled, {}, []),
    (autocast, {}, []),
    (half_precision, {}, []),
    (checkpointed, {}, []),
    (weight_norm, {}, []),
    (projected, {}, ["lstm"]),
    (gradient_penalty, {}, ["*"]),
    (weight_penalty, {"every": 2}, []),
    (gradient_accumulation, {"every": 2}, []),
    (truncated_bptt, {"every": 1}, []),
]


def check_by_replay(folder, place):
    """By module: (difference of outputs, difference of gradients, type, problem), the largest over the updates."""
    found = {}
    for update in Loaded(folder).updates:
        checks = replay(update)
        for module in update.modules:
            name = module["name"]
            outputs, gradients = (check.largest for check in checks[name]) if name in checks else (None, None)
            earlier = found.get(name)
            if earlier is not None and outputs is not None and earlier[0] is not None:
                outputs, gradients = max(outputs, earlier[0]), max(gradients, earlier[1])
            found[name] = outputs, gradients, module["type"], module["problem"]
    return found


def check_by_program(program, folder, place):
    """The same, of `gradflow diagnose` on every update; gradients None where a module has none to compare."""
    found = {}
    for update in Loaded(folder).updates:
        command = [program, "diagnose", folder, "--update", str(update.description["update"]), "--preset", "light", "--no-figures"]
        done = subprocess.run(
            [*command, "-o", os.path.join(place, "out"), "--json"], capture_output=True, text=True)
        try:
            checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
        except ValueError:
            checks = {}
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        for module in update.modules:
            own = checks.get(module["name"])
            problem = reason if own is None else own["refused"]
            check = (own and own["check"]) or {}
            numbers = [check.get("outputs"), check.get("weight_gradients")]
            earlier = found.get(module["name"])
            if earlier is not None:
                numbers = [max((n for n in pair if n is not None), default=None) for pair in zip(numbers, earlier)]
                problem = problem or earlier[3]
            found[module["name"]] = *numbers, module["type"], problem
    return found


# Where three or more gradients of a tensor are added up, the order of the sum may change under a capture. Dropout between
# layers may draw other random numbers.
OTHER_NUMBERS = [seq2seq_attention, weight_penalty, language_model_dropout]


def trained_alone(build, dtype):
    """The parameters after the same training without a capture."""
    torch.manual_seed(7)
    model, updates = build(dtype)
    updates(None)
    return [parameter.detach().clone() for parameter in model.parameters()]


def run(build, options, may_be_refused, dtype, check):
    """One architecture in one type: a row of the table, and whether it is as it should be (None if it was skipped)."""
    name = build.__name__.replace("_", " ")
    place = tempfile.mkdtemp(prefix="gradflow-architectures-")
    folder = os.path.join(place, "run")
    try:
        alone = trained_alone(build, dtype)
        torch.manual_seed(7)
        model, updates = build(dtype)
        try:
            with capture(model, folder, quiet=True, **options) as session:
                updates(session)
        except CaptureError as error:
            return [name, "-", "-", None, None, "-", f"refused: {error}"], may_be_refused == ["*"]
        found = check(folder, place)
        sequences = sum(
            len(module["sequences"]) for update in Loaded(folder).updates for module in update.modules
        )
        verdicts, fine = [], True
        for module, (outputs, gradients, kind, problem) in found.items():
            tolerance = HALF if kind in ("bfloat16", "float16") else TOLERANCES[getattr(torch, kind)]
            if problem is not None:
                verdicts.append(f"{module} refused: {problem}")
                fine = fine and module in may_be_refused
            elif outputs is None or not (outputs <= tolerance and (gradients or 0) <= tolerance):
                verdicts.append(f"{module} disagrees")
                fine = False
        agree = sum(entry[3] is None for entry in found.values())
        kinds = {entry[2] for entry in found.values()} & {"bfloat16", "float16"}
        if agree:
            verdicts.insert(0, "agrees" + (f" (computed in {kinds.pop()})" if kinds else ""))
        known = [entry for entry in found.values() if entry[0] is not None]
        row = [name, len(found), sequences]
        row += [max((entry[0] for entry in known), default=None), max((entry[1] or 0 for entry in known), default=None)]
        same = all(torch.equal(a, b) for a, b in zip(alone, model.parameters()))
        if not same and build not in OTHER_NUMBERS:
            verdicts.append("the training ends elsewhere than without a capture")
            fine = False
        return [*row, "same" if same else "other", "; ".join(verdicts)], fine
    except Unavailable as error:
        return [name, "-", "-", None, None, "-", f"skipped: {error}"], None
    except Exception:
        return [name, "-", "-", None, None, "-", "failed: " + traceback.format_exc()], False
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", help="path of gradflow")
    parser.add_argument("--replay", action="store_true", help="check in PyTorch, without the program")
    parser.add_argument("--only", help="architectures whose names hold this")
    arguments = parser.parse_args()
    if (arguments.program is None) == (not arguments.replay):
        parser.error("give the path of gradflow, or --replay")
    torch.set_num_threads(1)
    check = check_by_replay if arguments.replay else lambda folder, place: check_by_program(arguments.program, folder, place)
    passed = failed = 0
    print(
        f"{'architecture':<26} {'type':<8} {'modules':>7} {'sequences':>9} {'outputs':>9} {'gradients':>9}  training"
        "  verdict"
    )
    for dtype in (torch.float64, torch.float32):
        torch.set_default_dtype(torch.float32)
        for build, options, may_be_refused in ARCHITECTURES:
            if arguments.only and arguments.only not in build.__name__:
                continue
            (name, modules, sequences, outputs, gradients, same, verdict), fine = run(
                build, options, may_be_refused, dtype, check
            )
            numbers = [f"{number:9.1e}" if number is not None else f"{'-':>9}" for number in (outputs, gradients)]
            mark = "FAILED: " if fine is False else ""
            print(
                f"{name:<26} {str(dtype)[6:]:<8} {modules:>7} {sequences:>9} {' '.join(numbers)}  {same:<8}  "
                f"{mark}{verdict}",
                flush=True,
            )
            passed, failed = passed + (fine is True), failed + (fine is False)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
