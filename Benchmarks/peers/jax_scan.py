"""JAX, a compiled scan, instrumented: the gradient that arrives at every state.

A zero is added to every state; the gradient with respect to that zero is the state's. The
recurrent weight's gradient is the sum that the scan itself keeps; tuned, for the RNN, it is one
product after the scan (for the LSTM that is slower).
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["NPROC"] = "1"  # the size of XLA's thread pool
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import protocol  # noqa: E402

jax = protocol.library("jax")
jnp, lax = jax.numpy, jax.lax


def rnn_states(projected, recurrent, added, unroll):
    """The last hidden state, and all of them."""

    def advance(hidden, step):
        projected, added = step
        hidden = jnp.tanh(projected + hidden @ recurrent) + added["hidden"]
        return hidden, hidden

    zeros = jnp.zeros_like(added["hidden"][0])
    return lax.scan(advance, zeros, (projected, added), unroll=unroll)


def lstm_states(projected, recurrent, added, unroll):
    """The last hidden state alone."""

    def advance(state, step):
        (hidden, cell), (projected, added) = state, step
        i, f, g, o = jnp.split(projected + hidden @ recurrent, 4, axis=1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g) + added["cell"]
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell) + added["hidden"]
        return (hidden, cell), None

    zeros = jnp.zeros_like(added["hidden"][0])
    (hidden, _), _ = lax.scan(advance, (zeros, zeros), (projected, added), unroll=unroll)
    return hidden, None


def norms(gradients):
    """One norm a step, over batch and units."""
    return jnp.sqrt(jnp.sum(gradients**2, axis=(1, 2)))


def product(gates, states):
    """The sum over steps and batch of the outer products."""
    gates, states = (x.reshape(-1, x.shape[-1]) for x in (gates, states))
    return gates.T @ states


CELLS = {"rnn": (rnn_states, ["hidden"]), "lstm": (lstm_states, ["hidden", "cell"])}


def compiled_pass(case):
    states_of, kinds = CELLS[case.cell]
    # Measured with 1, 2, 4 and 8: only an LSTM of batch 1 gains; batched, it loses up to fourfold.
    unroll = 4 if case.cell == "lstm" and case.batch == 1 else 1

    @jax.jit
    def full_pass(arrays):
        def project(weight_ih, bias):
            return arrays["inputs"] @ weight_ih.T + bias

        def loss_and_states(projected, weight_hh, added):
            last, states = states_of(projected, weight_hh.T, added, unroll)
            return jnp.sum(last @ arrays["direction"]), states

        bias = arrays["bias_ih_l0"] + arrays["bias_hh_l0"]
        projected, pull_back = jax.vjp(project, arrays["weight_ih_l0"], bias)
        added = {kind: jnp.zeros((case.steps, case.batch, case.hidden)) for kind in kinds}

        differentiated = jax.value_and_grad(loss_and_states, argnums=(0, 1, 2), has_aux=True)
        (loss, states), gradients = differentiated(projected, arrays["weight_hh_l0"], added)
        gates, grad_weight_hh, arriving = gradients
        if protocol.TUNED and states is not None:
            # Instead of the scan's sum, which is then compiled away. The first step sees h_0 = 0.
            grad_weight_hh = product(gates[1:], states[:-1])
        grad_weight_ih, grad_bias = pull_back(gates)

        return {
            "loss": loss,
            **{f"{kind}_norms": norms(arriving[kind]) for kind in kinds},
            "grad_weight_ih_l0": grad_weight_ih,
            "grad_weight_hh_l0": grad_weight_hh,
            "grad_bias_ih_l0": grad_bias,
            "grad_bias_hh_l0": grad_bias,
        }

    return full_pass


def prepare(case):
    arrays = {name: jnp.asarray(values) for name, values in case.arrays.items()}
    full_pass = compiled_pass(case)
    return lambda: jax.block_until_ready(full_pass(arrays))


if __name__ == "__main__":
    protocol.serve("jax_scan", f"jax {jax.__version__}", prepare)
