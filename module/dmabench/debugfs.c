// SPDX-License-Identifier: GPL-2.0-only
/*
 * The face of dmabench: files under /sys/kernel/debug/dmabench, as described in
 * docs/debugfs.md. Text in, text out, no logic.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "chan.h"
#include "debugfs.h"
#include "job.h"
#include "port.h"
#include "suite.h"
#include "version.h"

static struct dentry *root;

/* Guards the list of jobs. Never held while a job's own locks are waited for. */
static DEFINE_MUTEX(jobs_lock);
static LIST_HEAD(jobs);
static unsigned int nr_jobs;

struct face_knob {
	struct dmabench_job *job;
	const struct dmabench_knob *knob;
};

struct face_hist {
	struct dmabench_job *job;
	enum dmabench_stage stage;
};

/* What the files of a job point to. */
struct face {
	struct dentry *dir;
	struct face_knob knob[DMABENCH_KNOBS];
	struct face_hist hist[DMABENCH_ALL_STAGES];
};

/*
 * The text of a write, without the newline. It comes in one piece: what is more
 * than a page, or is continued, is refused rather than understood by halves.
 */
static char *text_of(const char __user *from, size_t count, loff_t *pos)
{
	char *text;

	if (*pos)
		return ERR_PTR(-EINVAL);
	if (count > PAGE_SIZE)
		return ERR_PTR(-E2BIG);
	text = memdup_user_nul(from, count);
	if (IS_ERR(text))
		return text;
	if (strlen(text) != count) {
		kfree(text);
		return ERR_PTR(-EINVAL);
	}
	return text;
}

/*
 * Files of three kinds, each made for an object: FACE_READ(name) needs
 * name_show(), FACE_WRITE(name) needs name_store(object, text), and
 * FACE_READ_WRITE(name) both.
 */
static ssize_t face_write(void *object, int (*store)(void *object, char *text),
			  const char __user *from, size_t count, loff_t *pos)
{
	char *text = text_of(from, count, pos);
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = store(object, strim(text));
	kfree(text);
	return ret ?: count;
}

#define FACE_READ(_name)							\
static int _name##_open(struct inode *inode, struct file *file)		\
{										\
	return single_open(file, _name##_show, inode->i_private);		\
}										\
										\
static const struct file_operations _name##_fops = {				\
	.owner		= THIS_MODULE,						\
	.open		= _name##_open,						\
	.read		= seq_read,						\
	.llseek		= seq_lseek,						\
	.release	= single_release,					\
}

#define FACE_WRITE(_name)							\
static ssize_t _name##_write(struct file *file, const char __user *from,	\
			     size_t count, loff_t *pos)				\
{										\
	return face_write(file->private_data, _name##_store, from, count, pos);	\
}										\
										\
static const struct file_operations _name##_fops = {				\
	.owner		= THIS_MODULE,						\
	.open		= simple_open,						\
	.write		= _name##_write,					\
}

#define FACE_READ_WRITE(_name)							\
static int _name##_open(struct inode *inode, struct file *file)		\
{										\
	return single_open(file, _name##_show, inode->i_private);		\
}										\
										\
static ssize_t _name##_write(struct file *file, const char __user *from,	\
			     size_t count, loff_t *pos)				\
{										\
	struct seq_file *m = file->private_data;				\
										\
	return face_write(m->private, _name##_store, from, count, pos);		\
}										\
										\
static const struct file_operations _name##_fops = {				\
	.owner		= THIS_MODULE,						\
	.open		= _name##_open,						\
	.read		= seq_read,						\
	.write		= _name##_write,					\
	.llseek		= seq_lseek,						\
	.release	= single_release,					\
}

static int knob_show(struct seq_file *m, void *unused)
{
	struct face_knob *face = m->private;

	guard(mutex)(&face->job->lock);
	dmabench_knob_show(&face->job->knobs, face->knob, m);
	seq_putc(m, '\n');
	return 0;
}

static int knob_store(void *object, char *text)
{
	struct face_knob *face = object;

	return dmabench_job_set(face->job, face->knob, text);
}

FACE_READ_WRITE(knob);

static int config_show(struct seq_file *m, void *unused)
{
	struct dmabench_job *job = m->private;
	unsigned int i;

	guard(mutex)(&job->lock);
	for (i = 0; i < DMABENCH_KNOBS; i++) {
		seq_printf(m, "%s=", dmabench_knob_table[i].name);
		dmabench_knob_show(&job->knobs, &dmabench_knob_table[i], m);
		seq_putc(m, '\n');
	}
	return 0;
}

static int config_store(void *job, char *text)
{
	return dmabench_job_configure(job, text);
}

FACE_READ_WRITE(config);

static int run_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%d\n", dmabench_job_busy(m->private));
	return 0;
}

static int run_store(void *job, char *text)
{
	if (!strcmp(text, "1"))
		return dmabench_job_start(job, false);
	return strcmp(text, "0") ? -EINVAL : dmabench_job_stop(job);
}

FACE_READ_WRITE(run);

static int control_store(void *job, char *text)
{
	return dmabench_job_control(job, text);
}

FACE_WRITE(control);

static int status_show(struct seq_file *m, void *unused)
{
	struct dmabench_job *job = m->private;
	struct dmabench_standing standing;
	char reason[sizeof(job->reason)];
	struct dmabench_run *run;

	run = dmabench_job_run(job, &standing, reason);
	dmabench_status_show(m, run, &standing);
	if (run)
		dmabench_run_put(run);
	return 0;
}

FACE_READ(status);

static int finished_show(struct seq_file *m, void *unused)
{
	struct dmabench_job *job = m->private;
	struct dmabench_standing standing;
	struct dmabench_run *run;
	int ret = 0;

	run = dmabench_job_run(job, &standing, NULL);
	if (run) {
		ret = wait_for_completion_interruptible(&run->finished);
		dmabench_run_put(run);
	}
	return ret ?: status_show(m, unused);
}

FACE_READ(finished);

static int result_show(struct seq_file *m, void *unused)
{
	struct dmabench_job *job = m->private;
	struct dmabench_standing standing;
	char reason[sizeof(job->reason)];
	struct dmabench_run *run;

	run = dmabench_job_run(job, &standing, reason);
	dmabench_result_show(m, run, &standing);
	if (run)
		dmabench_run_put(run);
	return 0;
}

FACE_READ(result);

static int hist_show(struct seq_file *m, void *unused)
{
	struct face_hist *face = m->private;
	struct dmabench_standing standing;
	struct dmabench_run *run;
	int ret;

	run = dmabench_job_run(face->job, &standing, NULL);
	ret = dmabench_hist_show(m, run, face->stage);
	if (run)
		dmabench_run_put(run);
	return ret;
}

FACE_READ(hist);

static int slowest_show(struct seq_file *m, void *unused)
{
	struct dmabench_standing standing;
	struct dmabench_run *run;
	int ret;

	run = dmabench_job_run(m->private, &standing, NULL);
	ret = dmabench_slowest_show(m, run);
	if (run)
		dmabench_run_put(run);
	return ret;
}

FACE_READ(slowest);

static int ktap_show(struct seq_file *m, void *unused)
{
	struct dmabench_standing standing;
	struct dmabench_run *run;
	int ret;

	run = dmabench_job_run(m->private, &standing, NULL);
	ret = dmabench_ktap_show(m, run);
	if (run)
		dmabench_run_put(run);
	return ret;
}

FACE_READ(ktap);

static struct dmabench_job *job_find(const char *name)
{
	struct dmabench_job *job;

	lockdep_assert_held(&jobs_lock);

	list_for_each_entry(job, &jobs, entry)
		if (!strcmp(job->name, name))
			return job;
	return NULL;
}

static void job_remove(struct dmabench_job *job)
{
	struct face *face = job->face;

	/* First the run, so that whoever blocks in `finished` can leave the file. */
	dmabench_job_retire(job);
	debugfs_remove_recursive(face->dir);
	dmabench_job_free(job);
	kfree(face);
}

static int job_create(const char *name)
{
	struct dmabench_job *job;
	struct dentry *taken, *hist;
	struct face *face;
	unsigned int i;

	lockdep_assert_held(&jobs_lock);

	/* Jobs, and the files beside them. */
	taken = debugfs_lookup(name, root);
	if (taken) {
		dput(taken);
		return -EEXIST;
	}
	if (nr_jobs >= DMABENCH_MAX_JOBS)
		return -ENOSPC;

	job = dmabench_job_alloc(name);
	face = kzalloc_obj(*face);
	if (!job || !face) {
		kfree(job);
		kfree(face);
		return -ENOMEM;
	}
	face->dir = debugfs_create_dir(name, root);
	if (IS_ERR(face->dir)) {
		int ret = PTR_ERR(face->dir);

		kfree(job);
		kfree(face);
		return ret;
	}
	job->face = face;

	for (i = 0; i < DMABENCH_KNOBS; i++) {
		face->knob[i].job = job;
		face->knob[i].knob = &dmabench_knob_table[i];
		debugfs_create_file(dmabench_knob_table[i].name, 0600, face->dir,
				    &face->knob[i], &knob_fops);
	}
	debugfs_create_file("config", 0600, face->dir, job, &config_fops);
	debugfs_create_file("run", 0600, face->dir, job, &run_fops);
	debugfs_create_file("control", 0200, face->dir, job, &control_fops);
	debugfs_create_file("status", 0400, face->dir, job, &status_fops);
	debugfs_create_file("finished", 0400, face->dir, job, &finished_fops);
	debugfs_create_file("result", 0400, face->dir, job, &result_fops);
	debugfs_create_file("slowest", 0400, face->dir, job, &slowest_fops);
	debugfs_create_file("ktap", 0400, face->dir, job, &ktap_fops);
	hist = debugfs_create_dir("hist", face->dir);
	for (i = 0; i < DMABENCH_ALL_STAGES; i++) {
		face->hist[i].job = job;
		face->hist[i].stage = i;
		debugfs_create_file(dmabench_stage_names[i], 0400, hist, &face->hist[i],
				    &hist_fops);
	}

	list_add_tail(&job->entry, &jobs);
	nr_jobs++;
	return 0;
}

static int new_store(void *unused, char *name)
{
	size_t i, len = strlen(name);

	if (!len)
		return -EINVAL;
	if (len >= DMABENCH_JOB_NAME)
		return -ENAMETOOLONG;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || (!isalnum(name[i]) && name[i] != '_' && name[i] != '-'))
			return -EINVAL;

	guard(mutex)(&jobs_lock);
	return job_create(name);
}

FACE_WRITE(new);

static int del_store(void *unused, char *name)
{
	struct dmabench_job *job;

	scoped_guard(mutex, &jobs_lock) {
		job = job_find(name);
		if (!job)
			return -ENOENT;
		list_del(&job->entry);
		nr_jobs--;
	}
	job_remove(job);
	return 0;
}

FACE_WRITE(del);

static int version_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "version: %s\ninterface: %d\n", DMABENCH_VERSION, DMABENCH_INTERFACE);
	return 0;
}

FACE_READ(version);

static void features_of(struct seq_file *m, const char *kind, const char *const *words)
{
	for (; *words; words++)
		seq_printf(m, "%s-%s\n", kind, *words);
}

static int features_show(struct seq_file *m, void *unused)
{
	features_of(m, "op", dmabench_op_names);
	features_of(m, "wait", dmabench_wait_names);
	features_of(m, "callback", dmabench_callback_names);
	features_of(m, "memory", dmabench_memory_names);
	features_of(m, "verify", dmabench_verify_names);
	features_of(m, "map", dmabench_map_names);
	features_of(m, "mode", dmabench_mode_names);
	features_of(m, "layout", dmabench_layout_names);
	features_of(m, "direction", dmabench_direction_names);
	features_of(m, "endpoint", dmabench_endpoint_names);
	features_of(m, "metadata", dmabench_metadata_names);
	features_of(m, "control", dmabench_control_names);
	return 0;
}

FACE_READ(features);

static void ops_show_list(struct seq_file *m, struct dma_chan *dma, bool can)
{
	const char *separator = "";
	unsigned int i;

	seq_puts(m, can ? " can=" : " cannot=");
	for (i = 0; i < DMABENCH_OPS; i++) {
		const char *lacks = dmabench_op_lacks(dmabench_ops[i], dma);

		if (!lacks != can || dmabench_ops[i]->cpu)
			continue;
		seq_printf(m, "%s%s", separator, dmabench_ops[i]->name);
		if (lacks)
			seq_printf(m, ":%s", lacks);
		separator = ",";
	}
	if (!*separator)
		seq_puts(m, "none");
}

static void ops_show_chan(struct seq_file *m, struct dma_chan *dma, const char *state)
{
	seq_puts(m, dma_chan_name(dma));
	ops_show_list(m, dma, true);
	ops_show_list(m, dma, false);
	seq_putc(m, '\n');
}

static int ops_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < DMABENCH_OPS; i++)
		seq_printf(m, "%s needs=%s timed=%s\n", dmabench_ops[i]->name,
			   dmabench_cap_name(dmabench_ops[i]->cap),
			   dmabench_ops[i]->cpu ? "cpu" : "engine");
	dmabench_chan_show_all(m, ops_show_chan);
	return 0;
}

FACE_READ(ops);

static int knobs_show(struct seq_file *m, void *unused)
{
	dmabench_knobs_list(m);
	return 0;
}

FACE_READ(knobs);

static int cases_show(struct seq_file *m, void *unused)
{
	dmabench_cases_show(m);
	return 0;
}

FACE_READ(cases);

static int rules_show(struct seq_file *m, void *unused)
{
	dmabench_rules_show(m);
	return 0;
}

FACE_READ(rules);

static int channels_show(struct seq_file *m, void *unused)
{
	dmabench_chan_show_all(m, dmabench_chan_show);
	return 0;
}

FACE_READ(channels);

static int peripherals_show(struct seq_file *m, void *unused)
{
	dmabench_peripheral_show_all(m);
	return 0;
}

FACE_READ(peripherals);

/**
 * dmabench_debugfs_init - make the files and the job `default`
 * @run: start that job, and leave its summary in the log
 *
 * Return: 0 or an error; what was made is removed then.
 */
int dmabench_debugfs_init(bool run)
{
	struct dmabench_job *job;
	int ret;

	root = debugfs_create_dir("dmabench", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	if (d_really_is_positive(root))
		d_inode(root)->i_mode = S_IFDIR | 0700;

	debugfs_create_file("version", 0400, root, NULL, &version_fops);
	debugfs_create_file("features", 0400, root, NULL, &features_fops);
	debugfs_create_file("channels", 0400, root, NULL, &channels_fops);
	debugfs_create_file("ops", 0400, root, NULL, &ops_fops);
	debugfs_create_file("peripherals", 0400, root, NULL, &peripherals_fops);
	debugfs_create_file("knobs", 0400, root, NULL, &knobs_fops);
	debugfs_create_file("cases", 0400, root, NULL, &cases_fops);
	debugfs_create_file("rules", 0400, root, NULL, &rules_fops);
	scoped_guard(mutex, &jobs_lock) {
		ret = job_create("default");
		job = job_find("default");
	}
	if (ret) {
		debugfs_remove_recursive(root);
		return ret;
	}

	/* A run that is refused is no reason not to load: its cause can be mended. */
	if (run) {
		ret = dmabench_job_start(job, true);
		if (ret)
			pr_err("%s: not started: %s (%d)\n", job->name, job->reason, ret);
	}

	/* From here on the job can be removed. */
	debugfs_create_file("new", 0200, root, NULL, &new_fops);
	debugfs_create_file("del", 0200, root, NULL, &del_fops);
	return 0;
}

/**
 * dmabench_debugfs_exit - stop and remove all jobs and files
 */
void dmabench_debugfs_exit(void)
{
	struct dmabench_job *job, *next;

	/* No more jobs come: nobody can open `new` or `del` now. */
	debugfs_lookup_and_remove("new", root);
	debugfs_lookup_and_remove("del", root);

	list_for_each_entry_safe(job, next, &jobs, entry) {
		list_del(&job->entry);
		job_remove(job);
	}
	debugfs_remove_recursive(root);
}
