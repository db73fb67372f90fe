"""Random studies through the public way, against a truth of their own: brute force over open sites."""
