"""Attribution: how much of a payment response, territory, case mix, the starting point, trend and luck each earned."""

from scenarios.attribution.answering import Answer, answer
from scenarios.attribution.question import Question, asked

__all__ = ["Answer", "Question", "answer", "asked"]
