"""The name servers that we talk to: connections and transfers."""
