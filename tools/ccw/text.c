// SPDX-License-Identifier: GPL-2.0
/* Parser of channel programs in text form */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ebcdic.h"
#include "eckd.h"
#include "text.h"

#define MAX_WORDS 256

struct name_value {
	const char *name;
	__u32 value;
};

static const struct name_value commands[] = {
	{ "nop", CCW_CMD_NOP },
	{ "sense", CCW_CMD_SENSE },
	{ "sense-id", CCW_CMD_SENSE_ID },
	{ "read-characteristics", ECKD_RDC },
	{ "define-extent", ECKD_DEFINE_EXTENT },
	{ "locate-record", ECKD_LOCATE_RECORD },
	{ "read-data", ECKD_READ_DATA },
	{ "read-data-mt", ECKD_READ_DATA_MT },
	{ "read-count", ECKD_READ_COUNT },
	{ "read-count-mt", ECKD_READ_COUNT_MT },
	{ "read-ckd", ECKD_READ_CKD },
	{ "read-track", ECKD_READ_TRACK },
	{ "write-data", ECKD_WRITE_DATA },
	{ "write-data-mt", ECKD_WRITE_DATA_MT },
	{ "write-ckd", ECKD_WRITE_CKD },
};

static const struct name_value flag_words[] = {
	{ "cd", CCW_CD }, { "cc", CCW_CC }, { "sli", CCW_SLI }, { "skip", CCW_SKIP },
	{ "pci", CCW_PCI }, { "suspend", CCW_SUSPEND },
};

static const struct name_value idaw_words[] = {
	{ "none", CCW_DIRECT }, { "1", CCW_IDAL1 }, { "2k", CCW_IDAL2_2K }, { "4k", CCW_IDAL2_4K },
};

static const struct name_value orb_words[] = {
	{ "suspend", ORB_SUSPEND }, { "initial-status", ORB_INITIAL_STATUS },
	{ "no-suspend-interrupt", ORB_NO_SUSPEND_INT },
	{ "suppress-length", ORB_LENGTH_SUPPRESS },
};

static const struct name_value *lookup(const struct name_value *table, size_t n,
				       const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(table[i].name, word))
			return &table[i];
	return NULL;
}

int ccw_text_command(const char *name)
{
	const struct name_value *found = lookup(commands, ARRAY_SIZE(commands), name);

	return found ? (int)found->value : -1;
}

const char *ccw_text_command_name(unsigned int i, __u8 *code)
{
	if (i >= ARRAY_SIZE(commands))
		return NULL;
	*code = commands[i].value;
	return commands[i].name;
}

static int bad(struct ccw_text *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text->error, sizeof(text->error), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int parse_number(struct ccw_text *text, const char *word, unsigned long max, __u32 *value)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(word, &end, 0);
	if (!isdigit((unsigned char)*word) || *end)
		return bad(text, "'%.40s' is not a number", word);
	if (errno || n > max)
		return bad(text, "%.40s is more than %lu", word, max);
	*value = n;
	return 0;
}

static int parse_name(struct ccw_text *text, char *to, const char *word, size_t len)
{
	size_t i;

	if (!len || len >= TEXT_NAME || !isalpha((unsigned char)*word))
		return bad(text, "'%.*s' cannot be a name", (int)(len < 40 ? len : 40), word);
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '-' && word[i] != '_')
			return bad(text, "'%.*s' cannot be a name", (int)len, word);
	memcpy(to, word, len);
	to[len] = '\0';
	return 0;
}

static int find_buffer(const struct ccw_text *text, const char *word, size_t len)
{
	unsigned int i;

	for (i = 0; i < text->buffers; i++)
		if (strlen(text->buffer[i].name) == len && !memcmp(text->buffer[i].name, word, len))
			return i;
	return -1;
}

static int find_label(const struct ccw_text *text, const char *label)
{
	unsigned int i;

	for (i = 0; i < text->ops; i++)
		if (!strcmp(text->op[i].label, label))
			return i;
	return -1;
}

/* "text" in place of bytes is kept with its opening quote as a mark. */
static int append(struct ccw_text *text, struct text_buffer *buffer, __u32 *used, const char *word)
{
	size_t len = strlen(word);
	char digits[3] = "";
	size_t i;

	if (*word == '"') {
		for (i = 1; i < len; i++) {
			if (*used == buffer->size)
				return bad(text, "more data than buffer '%s' holds", buffer->name);
			buffer->data[(*used)++] = ccw_ascii_to_ebcdic(word[i]);
		}
		return 0;
	}
	if (len % 2)
		return bad(text, "odd number of hexadecimal digits in '%.40s'", word);
	for (i = 0; i < len; i += 2) {
		if (!isxdigit((unsigned char)word[i]) || !isxdigit((unsigned char)word[i + 1]))
			return bad(text, "'%.40s' is not hexadecimal", word);
		if (*used == buffer->size)
			return bad(text, "more data than buffer '%s' holds", buffer->name);
		memcpy(digits, word + i, 2);
		buffer->data[(*used)++] = strtoul(digits, NULL, 16);
	}
	return 0;
}

static int parse_buffer(struct ccw_text *text, char **word, int words)
{
	struct text_buffer *buffer = &text->buffer[text->buffers];
	__u32 used = 0;
	int ret, i;

	if (words < 3)
		return bad(text, "buffer needs a name and a size");
	if (text->buffers == TEXT_BUFFERS)
		return bad(text, "more than %d buffers", TEXT_BUFFERS);
	ret = parse_name(text, buffer->name, word[1], strlen(word[1]));
	if (ret)
		return ret;
	if (find_buffer(text, word[1], strlen(word[1])) >= 0)
		return bad(text, "buffer '%s' is already there", word[1]);
	ret = parse_number(text, word[2], TEXT_BUFFER_MAX, &buffer->size);
	if (ret)
		return ret;
	if (!buffer->size)
		return bad(text, "buffer of size 0");
	if (words > 3 && strcmp(word[3], "="))
		return bad(text, "'=' expected before the data, not '%.40s'", word[3]);
	buffer->data = calloc(1, buffer->size);
	if (!buffer->data)
		return bad(text, "out of memory");
	text->buffers++;
	for (i = 4; i < words; i++) {
		ret = append(text, buffer, &used, word[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int parse_area(struct ccw_text *text, struct text_op *op, const char *word)
{
	const char *plus = strchr(word, '+');
	size_t len = plus ? (size_t)(plus - word) : strlen(word);
	struct text_buffer *buffer;
	int ret;

	op->buffer = find_buffer(text, word, len);
	if (op->buffer < 0)
		return bad(text, "'%.40s' is no buffer, count or flag", word);
	buffer = &text->buffer[op->buffer];
	if (plus) {
		ret = parse_number(text, plus + 1, buffer->size - 1, &op->offset);
		if (ret)
			return ret;
	}
	op->count = buffer->size - op->offset;
	return 0;
}

static bool stores(__u8 cmd)
{
	return (cmd & 3) == 2 || (cmd & 0xf) == 4 || (cmd & 0xf) == 0xc;
}

static int parse_operands(struct ccw_text *text, struct text_op *op, char **word, int words)
{
	const struct name_value *flag;
	__u32 room, count;
	int i, ret;

	for (i = 0; i < words; i++) {
		flag = lookup(flag_words, ARRAY_SIZE(flag_words), word[i]);
		if (flag) {
			op->flags |= flag->value;
		} else if (isdigit((unsigned char)word[i][0])) {
			ret = parse_number(text, word[i], 65535, &count);
			if (ret)
				return ret;
			room = op->buffer < 0 ? 0 : text->buffer[op->buffer].size - op->offset;
			if (count > room)
				return bad(text, "count %u, but the buffer has %u", count, room);
			op->count = count;
		} else {
			ret = parse_area(text, op, word[i]);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int parse_op(struct ccw_text *text, char **word, int words)
{
	struct text_op *op = &text->op[text->ops];
	size_t len = strlen(word[0]);
	int code, ret;

	if (text->ops == TEXT_OPS)
		return bad(text, "more than %d CCWs", TEXT_OPS);
	op->line = text->line;
	op->buffer = -1;
	if (word[0][len - 1] == ':') {
		ret = parse_name(text, op->label, word[0], len - 1);
		if (ret)
			return ret;
		if (find_label(text, op->label) >= 0)
			return bad(text, "label '%s' is already there", op->label);
		word++;
		words--;
		if (!words)
			return bad(text, "a label needs a CCW on its line");
	}
	if (!strcmp(word[0], "tic")) {
		if (words != 2)
			return bad(text, "tic needs one label");
		op->cmd = CCW_CMD_TIC;
		ret = parse_name(text, op->target, word[1], strlen(word[1]));
	} else {
		code = ccw_text_command(word[0]);
		if (code < 0) {
			if (strlen(word[0]) != 2 || !isxdigit((unsigned char)word[0][0]) ||
			    !isxdigit((unsigned char)word[0][1]))
				return bad(text, "'%.40s' is not a statement or command", word[0]);
			code = strtoul(word[0], NULL, 16);
		}
		op->cmd = code;
		ret = parse_operands(text, op, word + 1, words - 1);
		if (op->buffer >= 0 && stores(op->cmd))
			text->buffer[op->buffer].filled = true;
	}
	if (!ret)
		text->ops++;
	return ret;
}

static int parse_orb(struct ccw_text *text, char **word, int words)
{
	const struct name_value *found;
	int i;

	for (i = 1; i < words; i++) {
		found = lookup(orb_words, ARRAY_SIZE(orb_words), word[i]);
		if (found)
			text->ctrl |= found->value;
		else if (!strcmp(word[i], "no-prefetch"))
			text->ctrl &= ~ORB_PREFETCH;
		else
			return bad(text, "'%.40s' is no ORB control", word[i]);
	}
	return 0;
}

static int parse_setting(struct ccw_text *text, char **word, int words)
{
	const struct name_value *idaw;
	__u32 value;
	int ret;

	if (words != 2)
		return bad(text, "%s needs one value", word[0]);
	if (!strcmp(word[0], "idaw")) {
		idaw = lookup(idaw_words, ARRAY_SIZE(idaw_words), word[1]);
		if (!idaw)
			return bad(text, "idaw is none, 1, 2k or 4k, not '%.40s'", word[1]);
		text->how = idaw->value;
		return 0;
	}
	ret = parse_number(text, word[1], *word[0] == 'f' ? 1 : *word[0] == 'k' ? 15 : 255, &value);
	if (ret)
		return ret;
	if (*word[0] == 'f')
		text->format = value;
	else if (*word[0] == 'k')
		text->ctrl |= value << ORB_KEY_SHIFT;
	else
		text->lpm = value;
	return 0;
}

static int split(struct ccw_text *text, char *line, char **word)
{
	int n = 0;
	char *p = line;

	for (;;) {
		p += strspn(p, " \t\r\n");
		if (!*p || *p == '#')
			return n;
		if (n == MAX_WORDS)
			return bad(text, "more than %d words on a line", MAX_WORDS);
		word[n++] = p;
		if (*p == '"') {
			p = strchr(p + 1, '"');
			if (!p)
				return bad(text, "text without closing quote");
		} else {
			p += strcspn(p, " \t\r\n#");
			/* A comment may follow a word directly. */
			if (*p == '#') {
				*p = '\0';
				return n;
			}
		}
		if (*p)
			*p++ = '\0';
	}
}

static int parse_line(struct ccw_text *text, char *line)
{
	char *word[MAX_WORDS];
	int words = split(text, line, word);

	if (words <= 0)
		return words;
	if (!strcmp(word[0], "buffer"))
		return parse_buffer(text, word, words);
	if (!strcmp(word[0], "orb"))
		return parse_orb(text, word, words);
	if (!strcmp(word[0], "format") || !strcmp(word[0], "idaw") || !strcmp(word[0], "key") ||
	    !strcmp(word[0], "lpm"))
		return parse_setting(text, word, words);
	return parse_op(text, word, words);
}

int ccw_text_parse(struct ccw_text *text, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	unsigned int i;
	int ret = 0;

	memset(text, 0, sizeof(*text));
	text->format = 1;
	text->ctrl = ORB_PREFETCH;
	text->lpm = 0xff;
	while (!ret && getline(&line, &room, in) >= 0) {
		text->line++;
		ret = parse_line(text, line);
	}
	free(line);
	for (i = 0; !ret && i < text->ops; i++) {
		if (!*text->op[i].target || find_label(text, text->op[i].target) >= 0)
			continue;
		text->line = text->op[i].line;
		ret = bad(text, "no CCW is labelled '%s'", text->op[i].target);
	}
	if (!ret) {
		text->line = 0;
		if (!text->ops)
			ret = bad(text, "no CCW in the program");
	}
	return ret;
}

void ccw_text_free(struct ccw_text *text)
{
	while (text->buffers)
		free(text->buffer[--text->buffers].data);
}
