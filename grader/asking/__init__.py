"""How a check asks: probes, HTTP, the database file, the log; never by importing."""
