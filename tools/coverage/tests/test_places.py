# SPDX-License-Identifier: GPL-2.0-only
"""What is found in sources: places that provide and use, lines that claim."""

from apitable import covers, csource, sources
from apitable.header import Api

API = Api(operations=["device_pause", "device_prep", "device_release"],
          data=["cap_mask", "channels", "copy_align", "max_pq"], descriptor=["tx_submit"],
          calls={"dmaengine_pause": ["device_pause"], "dmaengine_submit": ["tx_submit"],
                 "request": ["cap_mask", "device_release"], "test_ack": [],
                 "maxpq": ["max_pq"], "caps": ["copy_align"]})

PROVIDER = {
    "sim.h": "struct sim {\n\tstruct dma_device dma;\n};\nint sim_pause(struct dma_chan *chan);\n",
    "chan.c": """
int sim_pause(struct dma_chan *chan)
{
	return test_ack(chan);
}

void sim_attach(struct dma_device *d)
{
	d->device_pause = sim_pause;
}
""",
    "provider.c": """
/* sim->dma.max_pq = 3; */
static void sim_describe(struct sim *sim)
{
	sim->dma.copy_align = 2;
	if (sim->dma.max_pq == 3)
		pr_info("d->max_pq = 4");
	other->cap_mask = 1;
	INIT_LIST_HEAD(&sim->dma.channels);
	dma_cap_set(DMA_PRIVATE, sim->dma.cap_mask);
	tx->tx_submit = sim_submit;
}
""",
}

CLIENT = {
    "chan.c": """
static bool chan_ok(struct dma_chan *chan)
{
	if (!chan->device->device_prep || chan->copy_align)
		return false;
	return offsetof(struct dma_device, max_pq);
}
""",
    "run.c": """
static int run(struct dma_chan *chan)
{
	dmaengine_pause(chan);
	return chan->device->device_prep(chan, 1);
}
""",
}


def _package(files):
    return sources.Package({name: csource.plain(text) for name, text in files.items()})


def test_provided():
    assert sources.provided(_package(PROVIDER), API) == {
        "device_pause": {"chan.c"}, "dmaengine_pause": {"chan.c"},
        "copy_align": {"provider.c"}, "caps": {"provider.c"}, "channels": {"provider.c"},
        "cap_mask": {"provider.c"}, "request": {"provider.c"},
        "dmaengine_submit": {"provider.c"}, "test_ack": {"chan.c"}}


def test_used():
    # A look whether an operation is there is no use of it; nor is a member of another struct.
    assert sources.used(_package(CLIENT), API) == {
        "max_pq": {"chan.c"}, "device_prep": {"run.c"}, "device_pause": {"run.c"},
        "dmaengine_pause": {"run.c"}}


def test_set_by_a_function_of_the_kernel():
    text = "void f(struct dma_device *dma)\n{\n\tdma_set_maxpq(dma, 3, 1);\n}\n"
    assert csource.assignments(text, {"dma"}) == {"max_pq": ""}
    assert csource.assignments(text, {"other"}) == {}


def test_reads_a_folder(tmp_path):
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "a.c").write_text('x("y"); /* z */\n')
    (tmp_path / "a.mod.c").write_text("x();\n")
    assert sources.read(tmp_path).files == {"ops/a.c": 'x("");  \n'}


def test_claims_of_scripts_and_of_c():
    script = "#!/bin/sh\n# covers: device_pause  cap_mask\n# It covers: nothing\necho covers: x\n"
    assert [(claim.line, claim.name) for claim in covers.parse("a.sh", script)] == [
        (2, "device_pause"), (2, "cap_mask")]
    module = "/*\n * covers: device_prep\n */\n/* covers: dmaengine_pause */\n// covers: caps\n"
    assert [(claim.line, claim.name) for claim in covers.parse("a.c", module)] == [
        (2, "device_prep"), (4, "dmaengine_pause"), (5, "caps")]


def test_claims_that_cannot_be_true():
    def told(file, name, used=()):
        return covers.problems([covers.Claim(file, 1, name)], API, {n: {"x"} for n in used})

    assert told("a.sh", "dmaengine_stop") == ["a.sh:1: covers: dmaengine_stop is not in "
                                              "dmaengine.h"]
    assert "used nowhere" in told("a.c", "dmaengine_pause")[0]
    assert "used nowhere" in told("a.c", "device_pause")[0]
    assert not told("a.c", "device_pause", ["device_pause"])
    # No function leads to it, or a script's word is taken.
    assert not told("a.c", "device_prep")
    assert not told("a.c", "copy_align")
    assert not told("a.sh", "device_pause")
