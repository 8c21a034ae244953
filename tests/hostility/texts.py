"""Five hundred texts that would like to be a statement, a format, a path or a number; none is an id here."""

from itertools import product

from tests.hostile import TEXTS

__all__ = ["FIVE_HUNDRED", "NOBODY"]

NOBODY = "00000000-0000-4000-8000-00000000dead"
_QUOTES = ("'", "''", '"', '""', "`", "\\", "\\'", '\\"', "$$", "$x$", "E'\\x41'", "U&'\\0041'", "'\\", "’")
_STATEMENTS = (
    "'; drop table public.shots; --", '"; drop table public.shots; --',
    "'); delete from public.generations; --", "' or '1'='1", "' or true --",
    "1; update public.generations set location = null",
    "' union select api_keys::text from public.users --", "$$; truncate public.projects cascade; $$",
    "'||(select pg_sleep(30))||'", "(select id from public.shots limit 1)",
    "x'; commit; drop schema public cascade; begin; select '", "copy public.users to program 'touch x'",
    "/*", "*/", "/* ' */", "--", "-- '", ";", ";;", ")", "(", "]]", "{}", "{", "select 1; select 2",
    "returning *", "null", "NULL", "default", "current_user", "\\copy x", "\\!", "\\c",
)  # fmt: skip
_PLACES = (
    "%", "%%", "%s", "%b", "%t", "%d", "%(id)s", "%(shot_id)s", "%(", "%(x", "%n%n%n", "%1$s", "%99999999d",
    ":id", ":name", "::uuid", ":", "?", "??", "?|", "?&", "@>", "@?", "$1", "$2", "$0", "$", "${id}",
    "#{id}", "{0}", "{id}", "{0.__class__}", "{!r}", "{{}}", "{%x%}", "<%= x %>", "\\1", "\\g<0>",
)  # fmt: skip
_NUMBERS = (
    "0", "-0", "-1", "1.5", "1e9", "1e400", "0x7fffffff", "2147483648", "-2147483649",
    "9223372036854775808", "9" * 400, "1_000", "١٢٣", "½", "Ⅷ", "NaN", "nan", "Infinity", "-Infinity",
    "inf", "True", "False", "None", "undefined", "[]", "[1]", '{"a": 1}', '{"a":', '["a"', "null\n",
    "0000000", "+1", "1,2", "٠",
)  # fmt: skip
_LETTERS = (
    "", " ", "  ", "\t", "\n", "\r\n", "\v", "\f", "\x1b[2J", "\x07", "\x7f", "\x85", "\x9b", "\xa0",
    "\xad", "\x00", "a\x00b", "\x00\x00", "'\x00'", "\ud800", "\udfff", "a\udc80", "\ud83d", "\udc00\ud800",
    "\ufeff", "\ufffe", "\uffff", "\U0010ffff", "\u200b", "\u200d", "\u2028", "\u2029", "\u202e", "\u2066",
    "é", "e\u0301", "ß", "İ", "ı", "ﬁ", "K", "Å", "𝒮hot", "😀", "👩‍👩‍👧", "🇩🇪", "한", "ᄒ", "ﷺ", "﷽",
    "\u0e33" * 40,
)  # fmt: skip
_PATHS = (
    ".", "..", "./", "~", "~root", "/", "//", "/dev/null/x", "/proc/self/environ", "../../etc/passwd",
    "a/../../b", "a//b", "C:\\x", "\\\\host\\share", "CON", "nul.", "-", "--", "--url", "--help", "-h",
    "-rf", "@file", "*", "?*", "a b", "a'b", 'a"b', "a;b", "$(touch x)", "`touch x`", "| cat", "> x",
    "x\n--url=y", ".hidden", "x" * 300,
)  # fmt: skip
_IDS = (
    NOBODY, NOBODY.upper(), f"{{{NOBODY}}}", f"urn:uuid:{NOBODY}", NOBODY.replace("-", ""), NOBODY[:-1],
    f"{NOBODY}0", f" {NOBODY}", f"{NOBODY} ", f"{NOBODY}\n", f"{NOBODY}\x00", NOBODY.replace("0", "０"),
    NOBODY.replace("d", "g"), NOBODY.replace("-", "—"), f"{NOBODY},{NOBODY}", f"'{NOBODY}'",
    f"{NOBODY}::uuid",
)  # fmt: skip
_LONG = (
    "x" * 10_000,
    "'" * 9_999,
    "%s" * 5_000,
    "\\" * 9_999,
    "😀" * 5_000,
    "(" * 5_000,
    "[" * 20_000,
    "a " * 50_000,
)
_MARKS = ("'", '"', "%", "%s", ":a", "?", "\\", "\x00", "\ud800", "\n", "é", ";--", "{0}", "$1", "😀", "_")
_BEGUN = (
    NOBODY,
    "Dawn",
    "0",
    "/a.png",
    "",
    "image",
    "0001",
    "postgresql",
    "Film",
    "42",
    "a=b",
    "null",
    "{",
    "(",
    "*",
)
_EACH = (*TEXTS, *_QUOTES, *_STATEMENTS, *_PLACES, *_NUMBERS, *_LETTERS, *_PATHS, *_IDS, *_LONG)
_JOINED = (begun + mark for begun, mark in product(_BEGUN, _MARKS))
FIVE_HUNDRED = tuple(dict.fromkeys((*_EACH, *_JOINED)))[:500]
