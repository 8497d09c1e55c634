"""A system that Comity runs: an ONNX file, the table of features it is fed, and what it answers."""
