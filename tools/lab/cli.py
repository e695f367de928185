# SPDX-License-Identifier: GPL-2.0-only
"""The command line of the lab."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from lab import cache, host, image, kernel, modules, own, run, source, target
from lab.errors import EXIT_INTERRUPTED, EXIT_SKIPPED, EXIT_USAGE, LabError, Unavailable
from lab.progress import complain, say, set_quiet

_EPILOG = """exit codes: the command's own; 1 trouble in the kernel log, or the guest died; 2 wrong
usage; 4 the target cannot be had here; 124 time limit reached. docs/lab.md tells the rest."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        complain(f"{message}, see {self.prog} --help")
        sys.exit(EXIT_USAGE)


def _seconds(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of seconds above 0")
    return int(text)


def _param(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_]+=\S*", text):
        raise argparse.ArgumentTypeError(f"`{text}` is not of the form MODULE.NAME=VALUE")
    return text


def _variable(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.*", text):
        raise argparse.ArgumentTypeError(f"`{text}` is not of the form NAME=VALUE")
    return text


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--no-install", action="store_true",
                        help="never install packages, print the line that would")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _add_guest_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="a name from `list`, or `default`")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="where results and logs go (default out/lab/TARGET)")
    parser.add_argument("--param", type=_param, action="append", default=[],
                        metavar="MODULE.NAME=VALUE", help="a module's parameter, may be repeated")
    parser.add_argument("--no-modules", action="store_true",
                        help="load nothing, the command does it with modprobe")
    parser.add_argument("--driver", action="append", default=[], metavar="MODULE",
                        help="build a driver that the target has on demand, may be repeated")
    parser.add_argument("--make", type=_variable, action="append", default=[],
                        metavar="NAME=VALUE",
                        help="a variable for the make of the modules, may be repeated")
    parser.add_argument("--cmdline", default="", metavar="WORDS",
                        help="more words for the kernel's command line")
    parser.add_argument("--file", action="append", default=[], metavar="SRC[:DST]",
                        help="put a file or folder into the guest (default place: /root)")
    parser.add_argument("--perf", action="store_true",
                        help="give the guest this machine's perf, objdump and trace-cmd")
    parser.add_argument("--kernel", type=Path, metavar="IMAGE", help="boot this kernel instead")
    parser.add_argument("--kdir", type=Path, metavar="DIR", help="its build tree, for modules")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto",
                        help="auto: KVM if a trial boot works, else TCG")
    parser.add_argument("--snapshot", action="store_true",
                        help="start from a snapshot of a booted guest, where the target can")
    _add_common(parser)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lab", description=__doc__, epilog=_EPILOG)
    subs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)

    subs.add_parser("list", help="targets, what is cached, how long the last run took")

    sub = subs.add_parser("run", help="run a command in a guest, bring back files and verdict",
                          usage="lab run TARGET [options] -- COMMAND", epilog=_EPILOG)
    _add_guest_options(sub)
    sub.add_argument("--timeout", type=_seconds, metavar="S",
                     help="kill the guest after S seconds (default: the target's)")

    sub = subs.add_parser("shell", help="an interactive guest; files left in /results come back")
    _add_guest_options(sub)

    sub = subs.add_parser("prepare", help="fetch and build all that a run needs")
    sub.add_argument("targets", nargs="+", metavar="TARGET")
    _add_common(sub)

    sub = subs.add_parser("install", help="install the Debian packages that targets need")
    sub.add_argument("targets", nargs="+", metavar="TARGET")
    sub.add_argument("--also", nargs="+", default=[], metavar="PACKAGE",
                     help="packages that are needed beside them")
    _add_common(sub)

    sub = subs.add_parser("modules", help="build the project's modules for a target's kernel")
    sub.add_argument("target", metavar="TARGET")
    sub.add_argument("variables", nargs="*", type=_variable, metavar="NAME=VALUE",
                     help="variables for make, such as W=1 C=2")
    sub.add_argument("--out", type=Path, metavar="DIR", help="copy the modules there")
    sub.add_argument("--kernel", type=Path, metavar="IMAGE", help=argparse.SUPPRESS)
    sub.add_argument("--kdir", type=Path, metavar="DIR", help="build against this tree instead")
    _add_common(sub)

    sub = subs.add_parser("source", help="print the path of an unpacked linux-source tree")
    sub.add_argument("series", metavar="VERSION", help="6.1, 6.12, 7.2 ...")
    sub.add_argument("--only", metavar="PATH,PATH", help="unpack only these parts of the tree")
    _add_common(sub)
    return parser


def _request(args: argparse.Namespace, command: str, interactive: bool) -> run.Request:
    chosen = target.find(args.target)
    if bool(args.kernel) != bool(args.kdir):
        raise LabError("--kernel and --kdir: one is missing, give both")
    timeout = None if interactive else (args.timeout or chosen.timeout)
    return run.Request(
        chosen, command, args.out or Path("out/lab") / chosen.name, timeout, args.param,
        not args.no_modules, args.cmdline, [image.split_file(text) for text in args.file],
        (args.kernel, args.kdir) if args.kernel else None, args.accel, interactive, args.offline,
        not args.no_install, drivers=chosen.drivers(args.driver), variables=args.make,
        snapshot=args.snapshot, perf=args.perf)


def _run(args: argparse.Namespace, command: list[str]) -> int:
    if not command:
        raise LabError("run: no command, give it behind --, as in: lab run default -- uname -a")
    # One word is a line for the guest's shell; several are a command and its arguments.
    text = command[0] if len(command) == 1 else shlex.join(command)
    return run.run(_request(args, text, interactive=False))


def _shell(args: argparse.Namespace) -> int:
    if not os.isatty(0):
        raise LabError("shell: stdin is no terminal, use `lab run` for scripts")
    say("leave the guest with `exit`")
    return run.run(_request(args, "", interactive=True))


def _each(names: list[str], action: object) -> int:
    """Apply ACTION to every target; one that cannot be had does not stop the others."""
    code = 0
    for chosen in [target.find(name) for name in names]:
        try:
            action(chosen)  # type: ignore[operator]
        except Unavailable as error:
            complain(str(error))
            code = EXIT_SKIPPED
    return code


def _prepare(args: argparse.Namespace) -> int:
    return _each(args.targets, lambda chosen: run.prepare(
        run.Request(chosen, "", Path(), offline=args.offline, may_install=not args.no_install,
                    drivers=chosen.drivers([]))))


def _install(args: argparse.Namespace) -> int:
    chosen = [target.find(name) for name in args.targets]
    if not host.install(chosen, not args.no_install, args.also):
        say("all packages are installed")
    return 0


def _modules(args: argparse.Namespace) -> int:
    chosen = target.find(args.target)
    host.install([chosen], not args.no_install)
    if args.kdir:
        found = kernel.from_user(args.kernel or args.kdir / "Makefile", args.kdir)
    else:
        found = run.get_kernel(run.Request(chosen, "", Path(), offline=args.offline))
    with modules.built(chosen, found, args.variables, loud=not args.quiet,
                       offline=args.offline) as files:
        if args.out:
            args.out.mkdir(parents=True, exist_ok=True)
        for path in files:
            if args.out:
                shutil.copy2(path, args.out)
            print((args.out or path.parent) / path.name)
    return 0


def _source(args: argparse.Namespace) -> int:
    parts = args.only.split(",") if args.only is not None else None
    print(source.tree(args.series, parts, offline=args.offline))
    return 0


def _ago(text: str) -> str:
    """Return the time since a moment written by the lab, roughly."""
    try:
        then = time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    except ValueError:
        return "some time ago"
    minutes = max(0, int(time.time() - then) // 60)
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def _list(_args: argparse.Namespace) -> int:
    rows = [("TARGET", "KERNEL", "LAST RUN", "WHAT IT IS")]
    for item in target.read_all():
        cached = own.is_cached(item) if item.kernel.fragments else kernel.is_cached(item)
        todo = f"{'to build' if item.kernel.fragments else 'to fetch'} ({item.download_mb} MB)"
        last = cache.read_state(f"run-{item.name}")
        told = (f"{last['total_seconds']:.0f} s {last['accelerator'].upper()}, exit "
                f"{last['exit_code']}, {_ago(last['finished'])}") if last else "never"
        lacking = host.missing([item])
        note = f" [needs {' '.join(lacking)}]" if lacking else ""
        rows.append((item.name + (" *" if item.default else ""), cached or todo, told,
                     item.description + note))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print("  ".join([*(row[column].ljust(widths[column]) for column in range(3)), row[3]]))
    print("* default")
    return 0


_VERBS = {"list": _list, "shell": _shell, "prepare": _prepare, "install": _install,
          "modules": _modules, "source": _source}


def _on_term(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _parse(words: list[str]) -> argparse.Namespace:
    """Parse the words; variables for make may stand anywhere, as make itself allows."""
    parser = _parser()
    args, rest = parser.parse_known_args(words)
    variables = [word for word in rest if "=" in word and not word.startswith("-")]
    if args.verb != "modules" or variables != rest:
        parser.parse_args(words)
    elif rest:
        try:
            args.variables += [_variable(word) for word in rest]
        except argparse.ArgumentTypeError as error:
            parser.error(str(error))
    return args


def main(argv: list[str]) -> int:
    """Carry out a command line; return the exit code."""
    words, command = argv, []
    if "--" in argv and argv[0] == "run":
        split = argv.index("--")
        words, command = argv[:split], argv[split + 1:]
    signal.signal(signal.SIGTERM, _on_term)
    try:
        args = _parse(words)
        set_quiet(getattr(args, "quiet", False))
        return _run(args, command) if args.verb == "run" else _VERBS[args.verb](args)
    except LabError as error:
        complain(str(error))
        return error.code
    except KeyboardInterrupt:
        complain("interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
