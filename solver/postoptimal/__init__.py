"""After the plan: other plans, marginal values, reasons of infeasibility."""
