"""Instance + travel -> what a model takes. One file per family of models."""
