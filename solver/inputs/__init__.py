"""What a study names, read and looked at: layers, tables, travel, joins, and the identity of each file."""
