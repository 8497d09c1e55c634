"""A language model behind an OpenAI-compatible endpoint: what is asked, and what came back."""
