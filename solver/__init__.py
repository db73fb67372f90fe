"""Everything that feeds the mathematics and acts on its answer. Import from here."""
