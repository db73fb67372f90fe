"""The rows of the table that `python -m benchmarks` prints: pieces of work, and who does them."""
