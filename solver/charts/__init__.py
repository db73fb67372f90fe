"""Charts as marks in a picture of vectors: one look, axes with round steps and units, texts that stay texts."""
