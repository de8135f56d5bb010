"""The default sweep, experiments/decay.yaml with `clip: none`, in JAX: a whole program.

    python jax_sweep.py OUTPUT.npz

Networks of all radii and seeds are one batch: `vmap` over both of a compiled scan, once for each
cell and length. Weights and inputs are those of the sweep, drawn by NumPy as docs/numerics.md says.
Of each network it finds less than a sweep does: the loss, the norms of the total ∂L/∂h_t, ∂L/∂c_t
and ∂L/∂a_t of every step and those of the whole weight gradients, as log10. Nothing is drawn.

OUTPUT.npz has, for each of `rnn`, `lstm-0` and `lstm-1` (the forget bias) and each length T, arrays
`CELL_T_h`, `_c` and `_a` [seed, radius, T], and `_total` [seed, radius].
"""

import os
import sys

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["NPROC"] = "1"  # the size of XLA's thread pool
os.environ["JAX_PLATFORMS"] = "cpu"
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "docs"))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import redraw_trial as draw  # noqa: E402

HIDDEN, INPUTS, BATCH = 64, 16, 16
LENGTHS = (25, 50, 100, 200)
RADII = np.arange(0.5, 2.51, 0.25)
SEEDS = range(10)
CELLS = {"rnn": ("rnn", 0), "lstm-0": ("lstm", 0), "lstm-1": ("lstm", 1)}


def drawn(seed):
    """Inputs of the longest sequences, whose first steps are those of shorter ones; v; a block of W_hh with ρ = 1
    and one of W_ih for each gate."""

    def stream(purpose, number=0):
        return draw.Stream(0, seed, purpose, number)

    def recurrent(gate):
        block, radius = draw.block("gaussian", HIDDEN, stream("hidden weights", gate))
        return block / radius

    def input(gate):
        values = stream("input weights", gate).normals(HIDDEN * INPUTS, INPUTS**-0.5)
        return values.reshape(HIDDEN, INPUTS)

    inputs = stream("inputs").normals(max(LENGTHS) * BATCH * INPUTS)
    return {
        "inputs": inputs.reshape(-1, BATCH, INPUTS),
        "direction": stream("targets").normals(HIDDEN),
        "weight_hh": np.concatenate([recurrent(gate) for gate in range(4)]),
        "weight_ih": np.concatenate([input(gate) for gate in range(4)]),
    }


def rnn_step(state, step, recurrent):
    hidden, projected, added = state["h"], *step
    a = projected + hidden @ recurrent + added["a"]
    return {"h": jnp.tanh(a) + added["h"]}


def lstm_step(state, step, recurrent):
    (hidden, cell), (projected, added) = (state["h"], state["c"]), step
    i, f, g, o = jnp.split(projected + hidden @ recurrent + added["a"], 4, axis=1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g) + added["c"]
    return {"h": jax.nn.sigmoid(o) * jnp.tanh(cell) + added["h"], "c": cell}


def log_norm(gradients, axes):
    return jnp.log10(jnp.sqrt(jnp.sum(gradients**2, axis=axes)))


def gradients_of(cell, steps):
    """Of one network; a zero is added to every state and preactivation, and the gradient with
    respect to it is the state's."""
    step, kinds, gates = {"rnn": (rnn_step, "h", 1), "lstm": (lstm_step, "hc", 4)}[cell]

    def loss(weights, added, bias, inputs, direction):
        projected = inputs @ weights["ih"].T + bias
        state = {kind: jnp.zeros((BATCH, HIDDEN)) for kind in kinds}

        def advance(state, now):
            return step(state, now, weights["hh"].T), None

        state, _ = jax.lax.scan(advance, state, (projected, added))
        return jnp.sum(state["h"] @ direction)

    def network(radius, bias, weight_hh, weight_ih, inputs, direction):
        added = {kind: jnp.zeros((steps, BATCH, HIDDEN)) for kind in kinds}
        added["a"] = jnp.zeros((steps, BATCH, gates * HIDDEN))
        weights = {"hh": radius * weight_hh, "ih": weight_ih}
        value, (of_weights, arriving) = jax.value_and_grad(loss, (0, 1))(
            weights, added, bias, inputs, direction
        )
        found = {kind: log_norm(values, (1, 2)) for kind, values in arriving.items()}
        total = sum(jnp.sum(values**2) for values in of_weights.values())
        return {"loss": value, "total": jnp.log10(jnp.sqrt(total)), **found}

    over_radii = jax.vmap(network, in_axes=(0, None, None, None, None, None))
    return jax.jit(jax.vmap(over_radii, in_axes=(None, None, 0, 0, 0, 0)))


def main():
    draws = [drawn(seed) for seed in SEEDS]
    stacked = {name: np.stack([d[name] for d in draws]).astype(np.float32) for name in draws[0]}
    results = {"radii": RADII, "seeds": np.array(SEEDS)}
    for name, (cell, forget) in CELLS.items():
        rows = HIDDEN * draw.GATES[cell]
        bias = np.zeros(rows, np.float32)
        bias[draw.FORGET * HIDDEN : (draw.FORGET + 1) * HIDDEN] = forget
        for steps in LENGTHS:
            found = gradients_of(cell, steps)(
                jnp.asarray(RADII, jnp.float32),
                bias,
                stacked["weight_hh"][:, :rows],
                stacked["weight_ih"][:, :rows],
                stacked["inputs"][:, :steps],
                stacked["direction"],
            )
            results.update({f"{name}_{steps}_{kind}": np.asarray(v) for kind, v in found.items()})
    np.savez(sys.argv[1], **results)


if __name__ == "__main__":
    main()
