"""The authority's log: append, publish, follow, witness, prove. Files alone, no server."""
