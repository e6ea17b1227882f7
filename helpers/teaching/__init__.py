"""Teaching: exercises that answer back, quizzes, the glossary, and student copies made from masters.

>>> from helpers.teaching import Exercise, Number, Worksheet
>>> work = Worksheet([Exercise("half", "How much is 1/2?", Number(0.5))])
"""

from helpers.teaching.answers import Answer, Judgement, Number, Pair, Text, Unreadable
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.names import Names
from helpers.teaching.quiz import Option, Question, Quiz
from helpers.teaching.worksheet import Worksheet

__all__ = [
    "Answer",
    "Exercise",
    "Function",
    "Judgement",
    "Names",
    "Number",
    "Option",
    "Pair",
    "Question",
    "Quiz",
    "Slip",
    "Text",
    "Unreadable",
    "Worksheet",
]
