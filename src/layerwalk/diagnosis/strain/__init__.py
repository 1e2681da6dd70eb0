"""Whether this machine or a process on it is short of something, and whether a connection suffers.

A strained machine that serves in time is healthy: a cause of layer 0 takes both, the strain and the
connection that comes about late, wrongly or not at all.
"""
