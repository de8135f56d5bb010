def flax_lstm(): pass
flax_gru=flax_rnn=flax_lstm
