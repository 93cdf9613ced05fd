"""Pure geography: levels, coordinates, partition, simplification, labels. Shapely and numpy, no database."""
