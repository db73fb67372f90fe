"""The seeded generator of the reference study: facts in, generated roads, people and candidate sites out."""
