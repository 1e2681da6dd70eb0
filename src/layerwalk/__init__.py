"""Find out, layer by layer, why a connection times out."""

__version__ = "0.1.0"
