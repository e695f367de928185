# SPDX-License-Identifier: GPL-2.0-only
"""The results in words, before any figure: what was measured, and what came out."""

from __future__ import annotations

from dataclasses import dataclass

from . import units, words
from .figures import audio, controls, operations, swept
from .figures.latency import chosen
from .hist import PERCENTILES
from .model import ENDLESS, STAGES, TOTAL, Results, Run
from .points import Series, against_cpu, best, label, series_of, size_words, varying


@dataclass(frozen=True)
class Tile:
    """A key figure: its name, its value and where it was reached."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Summary:
    """Sentences and key figures of a file."""

    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]


def summarize(results: Results) -> Summary:
    """What a reader should know who reads nothing else."""
    sentences, tiles = [_measured(results)], []
    series = series_of(run for run in results.runs if run.sweepable)
    engines = [one for one in series if not one.points[0].runs[0].baseline]
    many = operations.many(results)
    if many:
        overview = _overview(results)
        sentences += overview.sentences
        tiles += overview.tiles
    for operation in dict.fromkeys(one.operation for one in engines):
        if many and not swept([one for one in engines if one.operation == operation]):
            continue
        own = [one for one in engines if one.operation == operation]
        roof = [one for one in series if one.operation == f"cpu_{operation}"]
        for sentence, tile in (_throughput(operation, own), _operations(operation, own),
                               _cpu(operation, own, roof), _latency(operation, own)):
            sentences += [sentence] if sentence else []
            tiles += [tile] if tile else []
    for extra in (_controls(results), _audio(results)):
        sentences += extra.sentences
        tiles += extra.tiles
    if not any(run.measured and not run.baseline for run in results.runs):
        sentences.append("No run of an engine measured anything"
                         + (": there are figures of the CPU alone." if series else "."))
    sentences += _errors(results)
    tiles.append(_error_tile(results))
    return Summary(tuple(sentences), tuple(tiles))


def _measured(results: Results) -> str:
    runs = [run for run in results.runs if run.measured]
    engine = [run for run in runs if not run.baseline]
    ops = units.listed(list(dict.fromkeys(run.operation for run in engine or results.runs)))
    devices = list(dict.fromkeys(
        f"{run.result.get('device', 'an unknown device')} "
        f"(driver {run.result.get('driver', 'unknown')})" for run in engine))
    tool = results.section("tool")
    text = (f"{tool.get('name', 'dmabench')} {tool.get('version', '')}".strip()
            + f" measured {ops}" + (f" on {units.listed(devices)}" if devices else "")
            + f" under Linux {results.system.kernel} ({results.system.machine}).")
    text += f" The system is {results.system.accelerator}." if results.system.emulated \
        else f" It ran on {results.system.accelerator}." \
        if results.system.facts.get("accelerator") not in (None, "unknown") else ""
    window = sum(run.number("window_ns") for run in runs)
    verified = sum(int(run.number("verified")) for run in runs)
    return text + f" {_share(len(runs), len(results.runs))}" + (
        f": {units.plural(sum(run.transfers for run in runs), 'transfer')}, "
        f"{units.size(sum(run.number('bytes') for run in runs))} in "
        f"{units.duration(window)} of measured time; the data of "
        f"{units.plural(verified, 'transfer')} were checked." if runs else ".")


def _share(good: int, runs: int) -> str:
    """How many runs gave figures: 36 of 38 runs gave figures."""
    if runs == 1:
        return "The one run gave figures" if good else "The one run gave no figures"
    if good == runs:
        return f"All {units.count(runs)} runs gave figures"
    return f"{units.count(good) if good else 'None'} of {units.count(runs)} runs gave figures"


def _where(size: int, one: Series, among: list[Series]) -> str:
    return f"{size_words(one, size)}, {label(one, varying(among) or ['depth'])}"


def _throughput(operation: str, own: list[Series]) -> tuple[str, Tile]:
    top = best(own, lambda point: point.rate.median)
    size = max(top, key=lambda each: top[each][0])
    value, one = top[size]
    where = _where(size, one, own)
    return (f"The best throughput of {operation} is {units.rate(value)} ({where}).",
            Tile("Best throughput", units.rate(value), f"{operation}, {where}"))


def _operations(operation: str, own: list[Series]) -> tuple[str, Tile]:
    top = best(own, lambda point: point.ops.median)
    size = max(top, key=lambda each: top[each][0])
    value, one = top[size]
    where = _where(size, one, own)
    shown = units.ops(value).removesuffix("/s")
    return (f"The most operations of {operation} are {shown} per second ({where}).",
            Tile("Most operations", units.ops(value), f"{operation}, {where}"))


def _cpu(operation: str, own: list[Series], roof: list[Series]) -> tuple[str, Tile | None]:
    found = against_cpu(own, roof)
    name = words.cpu_name(f"cpu_{operation}")
    if found is None:
        return (f"{name} was not measured at the same sizes, so there is no word on where the "
                "engine pays.", None)
    size, ratio = found.closest
    return (words.crossover_sentence(found, name),
            Tile(f"Crossover with {name}", words.crossover_short(found),
                 f"best: {units.digits(ratio)} × CPU at {units.size(size)}"))


def _latency(operation: str, own: list[Series]) -> tuple[str, Tile | None]:
    points = chosen(own)
    if not points:
        return "", None
    first = points[0]
    total = first.stages()[TOTAL]
    half, most = (units.duration(total.percentile(PERCENTILES[name])) for name in ("p50", "p99"))
    where = f"{first.name}, depth {first.series.depth}"
    return (f"A {operation} at {where} takes {half} at the median and {most} at the 99th "
            "percentile.",
            Tile("Median latency", half, f"{operation}, {where}; p99 {most}"))


def _overview(results: Results) -> Summary:
    """Many operations in few words: the fastest, the least latency, what did not run."""
    found = [row for row in operations.rows_of(results) if not row.baseline]
    rates = [(rate, row, size) for row in found for size in row.sizes
             if (rate := row.best(size, "bytes_per_s"))]
    sentences, tiles = [], [Tile("Operations", str(len({row.runs[0].operation for row in found})),
                                 "measured on this channel")]
    if rates:
        high, low = max(rates, key=_first), min(
            (rate for rate in rates if rate[2] == max(rates, key=_first)[2]), key=_first)
        sentences.append(
            f"Of {units.plural(len(found), 'operation')}, {high[1].name} has the highest "
            f"throughput, {units.rate(high[0])} at {units.size(high[2])}"
            + (f", and {low[1].name} the lowest at that size, {units.rate(low[0])}."
               if low[1] != high[1] else "."))
        tiles.append(Tile("Best throughput", units.rate(high[0]),
                          f"{high[1].name}, {units.size(high[2])}"))
    quick = [(stage.percentile(PERCENTILES["p50"]), row, size) for row in found
             for size in row.sizes[:1] if (stage := row.latency(size))]
    if quick:
        least = min(quick, key=_first)
        tiles.append(Tile("Least median latency", units.duration(least[0]),
                          f"{least[1].name}, {units.size(least[2])}"))
    missing = operations.not_run(results)
    if missing:
        names = units.listed(list(dict.fromkeys(what for what, _, _ in missing)))
        sentences.append(f"Not run: {names}; the reasons are below.")
        tiles.append(Tile("Not run", units.count(len(missing)), names))
    return Summary(tuple(sentences), tuple(tiles))


def _first(item: tuple) -> float:
    return item[0]


def _controls(results: Results) -> Summary:
    spans = controls.spans_of(controls.runs_of(results))
    if not spans:
        return Summary((), ())
    halves = [f"{span.name} {units.duration(span.stage.percentile(PERCENTILES['p50']))}"
              for span in spans]
    return Summary((f"At the median, controls take: {', '.join(halves)}.",), ())


def _audio(results: Results) -> Summary:
    runs = audio.runs_of(results)
    if not runs:
        return Summary((), ())
    sentence = audio.verdict(results)
    return Summary((sentence,), (Tile("Stream", "clean" if "not clean" not in sentence
                                      else "not clean", units.plural(len(runs), "run")),))


def troubled(results: Results) -> list[Run]:
    """Runs that failed, were stopped or skipped, or measured nothing."""
    return [run for run in results.runs if run.state != "done" or not run.measured]


def _spoilt(results: Results) -> list[Run]:
    """Those of them that were tried."""
    return [run for run in troubled(results) if not run.skipped]


def mismatched(results: Results) -> list[str]:
    """Histograms of measured runs whose counts do not add up to the transfers.

    What goes round is prepared once for all its periods.
    """
    return [f"run {run.ident}: the histogram of {name} holds {units.count(stage.count)} samples "
            f"for {units.plural(run.transfers, 'transfer')}"
            for run in results.runs if run.measured
            for name, stage in run.stages.items()
            if name in (*STAGES, TOTAL) and run.mode == "transfer" and run.operation != ENDLESS
            and stage.count != run.transfers]


def _errors(results: Results) -> list[str]:
    found = []
    wrong = sum(run.errors for run in results.runs)
    trouble = _spoilt(results)
    skipped = len(troubled(results)) - len(trouble)
    if results.interrupted:
        found.append("The measurement was interrupted; what is here was measured before.")
    if wrong:
        found.append(f"{units.plural(wrong, 'transfer')} went wrong.")
    if trouble:
        found.append(f"{units.plural(len(trouble), 'run')} did not finish or measured nothing; "
                     "see the reasons below.")
    if not found:
        found.append("There were no errors.")
    if skipped:
        found.append(f"{units.plural(skipped, 'run')} "
                     f"{'was' if skipped == 1 else 'were'} skipped; see the reasons below.")
    flaws = mismatched(results)
    if flaws:
        found.append(f"Beware: {flaws[0]}"
                     + (f", and {len(flaws) - 1} more like it." if len(flaws) > 1 else "."))
    return found


def _error_tile(results: Results) -> Tile:
    wrong = sum(run.errors for run in results.runs)
    trouble = _spoilt(results)
    finished = len(results.runs) - len(troubled(results))
    return Tile("Errors", units.count(wrong) if wrong or not trouble
                else units.plural(len(trouble), "run"),
                f"{units.count(finished)} of "
                f"{units.plural(len(results.runs), 'run')} finished")
