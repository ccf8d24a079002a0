"""Notes of a ground: sentences for people about what is real and what was laid out, that a catalogue can translate."""


class Note(str):
    """An English sentence that remembers its template and its facts.

    It is a plain ``str`` for whoever only prints it; ``results`` translates ``message`` and formats it with ``facts``.

    Attributes:
        message: template, a msgid of the message catalogue.
        facts: what the braces of the template stand for.
    """

    __slots__ = ("facts", "message")
    message: str
    facts: dict[str, object]

    def __new__(cls, message: str, **facts: object) -> "Note":
        """The sentence in English, with its template and facts kept."""
        note = super().__new__(cls, message.format(**facts))
        note.message = message
        note.facts = facts
        return note

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (self.message, self.facts))


def _rebuilt(message: str, facts: dict[str, object]) -> Note:
    """Unpickle a note that crossed a process border."""
    return Note(message, **facts)
