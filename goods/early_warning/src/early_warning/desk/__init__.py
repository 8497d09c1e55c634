"""The desk: where forecasters look, edit, approve, update and cancel; all of it is recorded.

    journal ─ fold ─▸ State ─ newest run, clock ─▸ View          (look)
    a person or the machine ─ rules ─▸ Act ─▸ journal, then effect
    enough approvals ─▸ compose, judge, sign ─▸ kept bytes ─▸ journal ─▸ outbox ─▸ channels

Import from the modules: `desk` (`open_desk`), `forecasters`, `signing`, `channels`, `worker`,
`kept` (`issued_alerts`), `view`, `server`.
"""
