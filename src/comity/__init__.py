"""Comity: test an AI system once; let every country check the proof and decide by its own rules.

The folders tell the story. `claims` holds the nouns and `statistics` the numbers; `files` reads
and writes; `attest` signs and verifies; `report` shows; `assess` measures; `cli` is the front door.
Imports run one way, downwards, and an import contract keeps it so.
"""

__version__ = "0.1.0"
