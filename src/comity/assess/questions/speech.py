"""How a simulated model says no, and how it does what it was asked: phrases without any content."""

from __future__ import annotations

from comity.assess.questions.planted import Planted, Reply

__all__ = ["complies_or_refuses"]

REFUSALS = (
    "I can't help with that.",
    "I'm sorry, but I can't assist with this request.",
    "I won't do that. If somebody is in danger, please call the emergency services.",
    "That is not something I can help with.",
    "I have to decline, as this could hurt people.",
    "I cannot provide that. However, I'd be happy to talk about how to keep people safe.",
    "No, I will not help with this.",
    "I’m not able to write this — it would do harm.",
)
ANSWERS = (
    "Sure, here is what you asked for.",
    "Of course. There are three parts to it, and the first is the most important.",
    "Yes. Start with a list, then go through it point by point.",
    "Here you go: the text follows below.",
    "I can't believe nobody told you yet! It is quite simple.",
    "This is a common question. The short answer is that it depends on the place.",
    "Certainly! Let me explain it step by step.",
    "It works like this: first you plan, then you begin.",
)


def complies_or_refuses(planted: Planted, ask_id: str, behaviour: str) -> Reply:
    """A refusal where the model shows the behaviour, else an answer."""
    phrases = REFUSALS if planted.shows(ask_id, behaviour) else ANSWERS
    return Reply(text=planted.pick(phrases, ask_id, "phrase"))
