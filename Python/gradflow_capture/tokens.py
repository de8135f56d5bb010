"""Token ids behind inputs that are exactly what an nn.Embedding gave."""

import torch

from .hooks import Hook


class Tokens:
    """Remembers the embeddings of one update."""

    def __init__(self, model, update):
        self.update = update
        self.modules = [module for module in model.modules() if type(module) is torch.nn.Embedding]
        self.handles = []
        self.outputs = {}  # by identity: the output, its version, its ids
        self.wholes = []  # detached outputs [A, B, I] and their ids [A, B]

    def install(self):
        self.handles = [module.register_forward_hook(Hook(self._after)) for module in self.modules]

    def remove(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []
        self.outputs = {}

    def _after(self, module, arguments, output):
        with self.update.clock:
            if self.update.recomputing or not torch.is_grad_enabled() or not arguments:
                return
            ids = arguments[0].detach().clone()
            self.outputs[id(output)] = output, output._version, ids
            if ids.dim() == 2:
                self.wholes.append((output.detach(), output._version, ids))

    def of(self, tensor):
        """The ids of a tensor that an embedding gave as it is."""
        output, version, ids = self.outputs.get(id(tensor), (None, 0, None))
        return ids if output is tensor and tensor._version == version else None

    def of_values(self, inputs, lengths):
        """The ids [T, B] of time-major inputs that are equal to an embedding's output, up to each one's length."""
        steps, batch = inputs.shape[:2]
        within = None
        if lengths is not None:
            within = torch.arange(steps).unsqueeze(1) < lengths
        for output, version, ids in self.wholes:
            if output._version != version:
                continue
            for given, tokens in ((output, ids), (output.transpose(0, 1), ids.t())):
                if given.shape[0] < steps or given.shape[1] != batch or given.shape[2] != inputs.shape[2]:
                    continue
                given, tokens = given[:steps].to(inputs), tokens[:steps].to(inputs.device)
                if within is None:
                    if torch.equal(given, inputs):
                        return tokens
                elif bool(((given == inputs).all(2) | ~within.to(inputs.device)).all()):
                    return tokens * within.to(tokens)
        return None
