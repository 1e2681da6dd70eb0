"""What a person may be asked, or answer in place of a measurement: plain records."""
