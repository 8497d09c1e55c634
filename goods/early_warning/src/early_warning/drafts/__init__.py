"""From probabilities to drafts: probability and impact, with the reason and what is not known."""
