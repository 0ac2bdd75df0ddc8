"""The developer's commands: set the checkout up if needed, then run, test, build.

    python3 packaging/dev.py run [--demo] [arguments of the program]
    python3 packaging/dev.py test [arguments of pytest]     all checks; with arguments pytest alone
    python3 packaging/dev.py lint | format                  static checks; rewrite in place
    python3 packaging/dev.py bench | shots [--out DIR]      budget table; picture gallery
    python3 packaging/dev.py lock [--upgrade] | build       requirements/*.txt; wheel and sdist
    python3 packaging/dev.py icons | bundle | deb | bill    packages and what they hold, in dist/

Standard library only. This file parses on any Python, so that an old one gets a sentence.
"""

import sys

OLDEST = (3, 11)


def main(argv: "list[str]") -> int:
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        needed = ".".join(str(part) for part in OLDEST)
        sys.stderr.write("Tidegauge needs Python " + needed + " or newer; this is " + found + ".\n")
        return 1
    import commands  # noqa: PLC0415 - an old Python cannot even read it

    if not argv or argv[0] in ("-h", "--help", "help"):
        print((__doc__ or "").strip())
        return 0 if argv else 2
    return commands.run(argv[0], argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
