"""The kernel's own trace of packets through this machine's rules (nft(8), "monitor trace")."""
