"""Text from users as plain text on one line: no name moves a cursor or turns around what follows."""

import unicodedata

__all__ = ["clean", "reason"]

_NO_CHARACTER = 0xFFFE  # and U+FFFF, and their like in the other planes: XML forbids them
_SPELT = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control and direction marks, half characters, line ends


def clean(text: str) -> str:
    """Return `text` with its control and direction marks spelt out, by their numbers."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelt(character) if _is_mark(character) else character for character in text)


def reason(error: Exception) -> str:
    """Return in words why a file could not be read or written, without the system's number and the path."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _is_mark(character: str) -> bool:
    is_none = ord(character) & _NO_CHARACTER == _NO_CHARACTER
    return is_none or unicodedata.category(character) in _SPELT


def _spelt(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004  where \u ends
