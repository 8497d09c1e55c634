"""The desk: where forecasters look, edit, approve, update and cancel; all of it is recorded."""
