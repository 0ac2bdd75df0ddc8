"""What is wrong with a command line: the sentences of Python's parser, in our languages. Pure.

The parser asks for each by its English, with its own placeholders; one it does not know by this
list, such as of a newer Python, stays English.
"""

from __future__ import annotations

from app.wording.language import phrase

_SENTENCES = {
    "unrecognized arguments: %s": phrase("unrecognized arguments: %s"),
    "the following arguments are required: %s": phrase("the following arguments are required: %s"),
    "argument %(argument_name)s: %(message)s": phrase("argument %(argument_name)s: %(message)s"),
    "not allowed with argument %s": phrase("not allowed with argument %s"),
    "ignored explicit argument %r": phrase("ignored explicit argument %r"),
    "expected one argument": phrase("expected one argument"),
    "expected at most one argument": phrase("expected at most one argument"),
    "expected at least one argument": phrase("expected at least one argument"),
    "invalid choice: %(value)r (choose from %(choices)s)": phrase(
        "invalid choice: %(value)r (choose from %(choices)s)"
    ),
    "invalid %(type)s value: %(value)r": phrase("invalid %(type)s value: %(value)r"),
    "ambiguous option: %(option)s could match %(matches)s": phrase(
        "ambiguous option: %(option)s could match %(matches)s"
    ),
    "one of the arguments %s is required": phrase("one of the arguments %s is required"),
}


def in_our_words(sentence: str) -> str:
    """The parser's `sentence` in the language in force."""
    known = _SENTENCES.get(sentence)
    return known() if known is not None else sentence
