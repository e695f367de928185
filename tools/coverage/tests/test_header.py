# SPDX-License-Identifier: GPL-2.0-only
"""Reading the header and the list made of it."""

import pytest

from apitable import header, names
from apitable.errors import CoverageError

HEADER = r"""
/* struct dma_device { int not_this_one; }; */
typedef bool (*dma_filter_fn)(struct dma_chan *chan, void *param);
struct dma_async_tx_descriptor {
	int cookie;
	dma_cookie_t (*tx_submit)(struct dma_async_tx_descriptor *tx);
};
struct dma_device {
	struct kref ref;
	#define DMA_HAS_PQ_CONTINUE (1 << 15)
	struct dma_filter filter;
	int (*device_pause)(struct dma_chan *chan);
	struct tx *(*device_prep)(
		struct dma_chan *chan, int len);
	void (*device_synchronize)(struct dma_chan *chan);
	unsigned short copy_align;	/* a shift; bytes are 1 << it */
};
static inline int dmaengine_pause(struct dma_chan *chan)
{
	if (chan->device->device_pause)
		return chan->device->device_pause(chan);
	return -ENOSYS; // not terminate()
}
static inline int dmaengine_both(struct dma_chan *chan)
{
	pr_debug("calls device->device_prep(");
	chan->device->device_synchronize(chan);
	return dmaengine_pause(chan);
}
static inline bool aligned(struct dma_device *dev, size_t off)
{
	return !(off & dev->copy_align) && chan->dev->ref;
}
static inline dma_cookie_t dmaengine_submit(struct dma_async_tx_descriptor *desc)
{
	return desc->tx_submit(desc);
}
#ifdef CONFIG_DMA_ENGINE
struct dma_chan *dma_find(enum type type);
#else
static inline struct dma_chan *dma_find(enum type type)
{
	return NULL;
}
#endif
#define dma_request(mask, x, y) \
	__dma_request(&(mask), x, y)
struct dma_chan *__dma_request(const mask_t *mask, fn fn, void *param);
"""


def test_members_in_their_order():
    api = header.parse(HEADER)
    assert api.operations == ["device_pause", "device_prep", "device_synchronize"]
    assert api.data == ["ref", "filter", "copy_align"]
    assert api.descriptor == ["tx_submit", "metadata_ops"]


def test_functions_and_what_they_use():
    assert header.parse(HEADER).calls == {
        "dma_request": [], "dmaengine_pause": ["device_pause"],
        "dmaengine_both": ["device_pause", "device_synchronize"],
        # `dev` names a device there, so this reads a member although it is of another struct:
        # the header's own names are not checked for types.
        "aligned": ["copy_align", "ref"], "dmaengine_submit": ["tx_submit"],
        "dma_find": [], "__dma_request": []}


def test_another_file_is_refused():
    with pytest.raises(CoverageError, match="struct dma_device is not in it"):
        header.parse("struct dma_chan { int x; };")


def test_list_is_read_as_it_was_written(tmp_path):
    api = header.parse(HEADER)
    path = tmp_path / "names.toml"
    path.write_text(names.render(api))
    assert names.read(path) == api
    assert not names.differences(names.read(path), api)


@pytest.mark.parametrize("old, new, told", [
    ("int (*device_pause)", "int (*device_stop)", ["device_pause is not in the header",
                                                   "device_stop of the header is missing"]),
    ("struct kref ref;", "", ["ref is not in the header"]),
    ("return dmaengine_pause(chan);", "return 0;", ["differs from the header in kinds"]),
])
def test_list_that_differs(old, new, told):
    assert old in HEADER
    found = names.differences(header.parse(HEADER), header.parse(HEADER.replace(old, new)))
    assert len(found) == len(told)
    for line, words in zip(found, told):
        assert words in line


def test_broken_list(tmp_path):
    path = tmp_path / "names.toml"
    for text in ("calls = [", "colours = []\n"):
        path.write_text(text)
        with pytest.raises(CoverageError, match="names.toml"):
            names.read(path)
