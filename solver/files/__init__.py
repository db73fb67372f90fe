"""Files of others and of our own: opened with care, written whole or not at all, never over what is not ours."""
