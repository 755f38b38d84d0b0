"""`sentiment_lstm` written in PyTorch: the same arithmetic, with its own layers."""

import torch
from torch import nn


class SentimentLSTM(nn.Module):
    """Word dropout, embedding, LSTM, mean and maximum over time, logits."""

    def __init__(self, words: int, size: int = 128, units: int = 64, classes: int = 2):
        super().__init__()
        self.table = nn.Parameter(torch.empty(words, size).uniform_(-0.05, 0.05))
        self.lstm = nn.LSTM(size, units, batch_first=True)
        self.dense = nn.Linear(2 * units, classes)

    def forward(self, ids):
        """Returns the logits `(batch, classes)` for ids `(batch, time)`."""
        words = nn.functional.dropout(torch.ones(self.table.shape[0], 1), 0.3)
        x = nn.functional.embedding(ids, self.table * words)
        x = x * nn.functional.dropout(torch.ones(x.shape[0], 1, x.shape[2]), 0.7)
        h, _ = self.lstm(x)
        mask = (ids > 0)[..., None]
        mean = (h * mask).sum(1) / mask.sum(1).clamp(min=1)
        highest = h.masked_fill(~mask, float("-inf")).amax(1)
        pooled = nn.functional.dropout(torch.cat([mean, highest], 1), 0.5)
        return self.dense(pooled)


def train_step(model: SentimentLSTM):
    """Returns a function that trains the model on one batch of ids and labels."""
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    loss = nn.CrossEntropyLoss()

    def step(ids, labels):
        ids, labels = torch.from_numpy(ids).long(), torch.from_numpy(labels).long()
        optimizer.zero_grad()
        loss(model(ids), labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step
