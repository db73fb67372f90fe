"""Plans by opening sites one by one and exchanging them, whatever an open site adds."""
