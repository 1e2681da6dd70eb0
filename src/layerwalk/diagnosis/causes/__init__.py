"""The causes, one a file; the catalogue finds them by looking into this folder."""
