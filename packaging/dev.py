"""The developer's commands: set the checkout up if needed, then run, test, build.

    python3 packaging/dev.py COMMAND [ARGUMENTS]

    run [--demo] [ARGUMENTS]   start the program; everything after "run" is the program's
    test [ARGUMENTS]           every check and test; with arguments pytest alone, with these
    lint                       the static checks alone
    format [PATHS]             rewrite in place: formatting, and what can be mended safely
    bench                      the budget table, a bundle's rows too if there is one
    shots [--out DIR]          the picture gallery, in build/gallery
    lock [--upgrade]           resolve requirements/*.txt and the judges' lock anew
    build                      wheel and source archive, in dist/
    icons [DIR]                the application's icon as PNG, ICO and ICNS, in build/icons
    bundle [ARGUMENTS]         the program with its Python and Qt, in dist/tidegauge
    deb                        a Debian package of a new bundle, in dist/
    flatpak                    all a Flatpak is built from, in dist/flatpak
    bill                       what is shipped of others, in dist/: CycloneDX list, licences

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
