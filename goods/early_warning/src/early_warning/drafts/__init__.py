"""From probabilities to drafts: probability and impact, with the reason and what is not known.

    look_ahead(service, now=…) ─▸ Outlook ─ propose(service, outlook, now=…) ─▸ Proposals

Import from the modules: `look_ahead`, `propose`, `skill`, `matrix`, `outlook`, `proposal`.
"""
